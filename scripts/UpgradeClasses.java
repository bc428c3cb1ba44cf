import static java.lang.classfile.ClassFile.StackMapsOption.GENERATE_STACK_MAPS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ClassDesc;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Rewrites the classes of a jar that are older than Java 6 to Java 17's class file format, in place: {@code java UpgradeClasses.java
 * FILE.jar}. An AOT cache leaves out classes that old ("Old class has been linked"), and all of picocli is.
 */
final class UpgradeClasses {
    private static final int OLDEST_ARCHIVED = 50;

    private UpgradeClasses() {}

    public static void main(String[] arguments) throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(arguments[0]));
                var paths = Files.walk(jar.getPath("/"))) {
            ClassFile format = ClassFile.of(
                    GENERATE_STACK_MAPS,
                    ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(
                            type -> open(jar, type))));
            for (Path path : paths.filter(path -> path.toString().endsWith(".class")).toList()) {
                upgrade(format, path);
            }
        }
    }

    private static void upgrade(ClassFile format, Path path) throws IOException {
        var model = format.parse(Files.readAllBytes(path));
        if (model.majorVersion() >= OLDEST_ARCHIVED) {
            return;
        }
        // Bodies are written anew, element by element: one that is copied whole gets no stack maps.
        var bodies = ClassTransform.transformingMethodBodies((code, element) -> code.with(element));
        var version = ClassTransform.endHandler(type -> type.withVersion(ClassFile.JAVA_17_VERSION, 0));
        Files.write(path, format.transformClass(model, bodies.andThen(version)));
    }

    private static InputStream open(FileSystem jar, ClassDesc type) {
        String name = type.descriptorString().substring(1, type.descriptorString().length() - 1) + ".class";
        Path path = jar.getPath("/", name);
        try {
            return Files.exists(path) ? Files.newInputStream(path) : ClassLoader.getSystemResourceAsStream(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
