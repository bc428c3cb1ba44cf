package brocker.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files that cannot be what the user meant: refused with one line that says where, and nothing is changed. */
class BadFileTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @BeforeAll
    static void add() {
        BROCKERD.addService("{\"name\": \"good\", \"bridge-ip\": \"10.77.5.1\"}");
    }

    @AfterEach
    void nothingIsLeft() {
        Unchanged.assertOnly(BROCKERD, "good");
    }

    @Test
    void anUnknownKeyNamesFileLineAndTheNearestKey() {
        Path file = BROCKERD.file("typo.json", "{\n  \"name\": \"x\",\n  \"pubish\": [\"127.0.0.1:8080\"]\n}");
        add(file)
                .failed(1)
                .saying("\"" + file + "\" line 3", "unknown key \"pubish\"")
                .hinting("\"publish\"");
    }

    @Test
    void anUnknownKeyOfTheTemplateIsFoundAsWell() {
        Path file = BROCKERD.file(
                "nested.json",
                "{\"name\": \"x\",\n \"container\": {\n  \"command\": \"/bin/true\",\n  \"memry\": \"64m\"}}");
        add(file).failed(1).saying("line 4", "unknown key \"memry\"").hinting("\"memory\"");
    }

    @Test
    void anUnknownKeyOfAContainerNamesFileLineAndTheNearestKey() {
        Path file = BROCKERD.file("typo.json", "{\n  \"service-name\": \"good\",\n  \"comand\": \"/bin/true\"\n}");
        run(file)
                .failed(1)
                .saying("\"" + file + "\" line 3", "unknown key \"comand\"")
                .hinting("\"command\"");
    }

    @Test
    void aWrongTypeNamesFileLineKeyAndWhatIsWanted() {
        Path file = BROCKERD.file("type.json", "{\"name\": \"x\",\n \"port\": \"high\"}");
        add(file).failed(1).saying("\"" + file + "\" line 2", "\"port\" must be a whole number, not a string");
        Path container = BROCKERD.file(
                "type.json", "{\"service-name\": \"good\",\n \"command\": \"/bin/true\",\n \"copy-file\": \"yes\"}");
        run(container).failed(1).saying("line 3", "\"copy-file\" must be true or false, not a string");
    }

    @Test
    void aBadValueNamesFileLineKeyAndValue() {
        Path file = BROCKERD.file("value.json", "{\"name\": \"x\",\n \"bridge-ip\": \"10.0.1\"}");
        add(file).failed(1).saying("\"" + file + "\" line 2", "\"bridge-ip\"", "\"10.0.1\"");
    }

    @Test
    void aFileThatIsNotJsonNamesLineAndColumn() {
        Path file = BROCKERD.file("not.json", "{\n  \"name\": x\n}");
        add(file).failed(1).saying("\"" + file + "\" line 2, column ", "not JSON");
        run(file).failed(1).saying("\"" + file + "\" line 2, column ", "not JSON");
    }

    @Test
    void anEmptyFileAndATruncatedOneAreNotJson() {
        add(BROCKERD.file("empty.json", "")).failed(1).saying("is empty");
        add(BROCKERD.file("cut.json", "{\"name\": \"x\"")).failed(1).saying("line 1, column ");
        add(BROCKERD.file("list.json", "[]")).failed(1).saying("must be an object, not an array");
    }

    @Test
    void aMissingKeyIsNamed() {
        add(BROCKERD.file("missing.json", "{}")).failed(1).saying("the key \"name\" is missing");
        run(BROCKERD.file("missing.json", "{\"service-name\": \"good\"}"))
                .failed(1)
                .saying("the key \"command\" is missing");
        run(BROCKERD.file("missing.json", "{\"command\": \"/bin/true\"}"))
                .failed(1)
                .saying("the key \"service-name\" is missing");
    }

    @Test
    void aMissingArtifactNamesFileLineAndKey() {
        Path file = BROCKERD.file(
                "artifact.json",
                "{\"service-name\": \"good\", \"command\": \"/bin/true\", \"copy-file\": true,\n \"file\": \"none.war\"}");
        run(file).failed(1).saying("\"" + file + "\" line 2", "no such file: \"none.war\"");
        Path service = BROCKERD.file(
                "artifact.json",
                "{\"name\": \"x\", \"container\": {\"command\": \"/bin/true\", \"copy-file\": true,\n \"file\": \"none.war\"}}");
        add(service).failed(1).saying("line 2", "no such file: \"none.war\"");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        add(BROCKERD.work().resolve("none.json"))
                .failed(1)
                .saying("cannot read \"" + BROCKERD.work().resolve("none.json") + "\"", "no such file");
    }

    @Test
    void aCommandThatIsNotFoundIsNamed() {
        run(container("/usr/bin/jav -version"))
                .failed(1)
                .saying("cannot start: \"/usr/bin/jav\": no such file or directory");
    }

    @Test
    void aCommandThatIsNotExecutableIsNamed() throws IOException {
        Files.writeString(BROCKERD.work().resolve("plain.txt"), "no program");
        run(BROCKERD.file("container.json", """
                        {"service-name": "good", "command": "/app/plain.txt", "copy-file": true, "file": "plain.txt"}"""))
                .failed(1)
                .saying("cannot start: \"/app/plain.txt\": permission denied")
                .hinting("executable");
    }

    @Test
    void aWorkingDirectoryThatIsNotThereIsNamed() {
        run(BROCKERD.file("container.json", """
                        {"service-name": "good", "command": "/bin/true", "working-directory": "/nowhere"}"""))
                .failed(1)
                .saying("cannot start", "\"/nowhere\"", "no such file or directory");
    }

    @Test
    void aTemplateWhoseCommandDoesNotStartLeavesNoService() {
        add(BROCKERD.file("service.json", """
                        {"name": "bad", "replicas": 2, "container": {"command": "/usr/bin/jav"}}"""))
                .failed(1)
                .saying("cannot start: \"/usr/bin/jav\": no such file or directory");
    }

    private static Path container(String command) {
        return BROCKERD.file("container.json", "{\"service-name\": \"good\", \"command\": \"%s\"}".formatted(command));
    }

    private static Outcome add(Path file) {
        return BROCKERD.client("service", "add", file.toString());
    }

    private static Outcome run(Path file) {
        return BROCKERD.client("container", "run", file.toString());
    }
}
