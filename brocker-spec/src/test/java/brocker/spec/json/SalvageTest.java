package brocker.spec.json;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.spec.Publish;
import brocker.spec.ServiceName;
import brocker.spec.ServiceSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SalvageTest {
    private static ServiceSpec salvage(String text) {
        return Salvage.read(text, Map.of("name", "shop"), ServiceSpec.class);
    }

    @Test
    void keysThatAreNotKnownArePassedOverAtAnyDepth() {
        ServiceSpec spec = salvage("{\"name\": \"shop\", \"colour\": 1, \"port\": 9000, \"replicas\": 2,"
                + " \"container\": {\"command\": [\"/bin/x\"], \"shape\": {\"a\": 1}}}");
        assertThat(spec.port()).hasValue(9000);
        assertThat(spec.desiredReplicas()).isEqualTo(2);
        assertThat(spec.container().orElseThrow().command().arguments()).containsExactly("/bin/x");
    }

    @Test
    void valuesThatCannotBeReadAreMissingAndTheOthersStay() {
        ServiceSpec spec = salvage("{\"name\": [], \"port\": \"x\", \"hosts\": [\"a.example\"], \"drain-timeout\": 3,"
                + " \"publish\": [\"127.0.0.1:8080\"], \"egress\": true}");
        assertThat(spec.name()).isEqualTo(new ServiceName("shop"));
        assertThat(spec.port()).isEmpty();
        assertThat(spec.publish()).containsExactly(Publish.parse("127.0.0.1:8080"));
        assertThat(spec.hosts()).extracting(Object::toString).containsExactly("a.example");
        assertThat(spec.egress()).isTrue();
    }

    @Test
    void ofATextThatIsNoObjectOnlyWhatIsCertainIsRead() {
        for (String text : new String[] {"", "{\"port\": 80", "[1]", "null", "\u0000"}) {
            assertThat(salvage(text)).as(text).isEqualTo(Json.read("test", "{\"name\": \"shop\"}", ServiceSpec.class));
        }
    }
}
