package brocker.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ResponseTest {
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static Request request(String method) {
        return new Request(method, "/x", "Bearer t", "*/*", Content.none());
    }

    private static String get(String answer) throws IOException {
        return get(answer, false);
    }

    private static String get(String answer, boolean bytewise) throws IOException {
        try (ScriptedServer server = new ScriptedServer("\r\n\r\n", answer, bytewise);
                Response response = request("GET").sendTo(server.server())) {
            return response.status() + " " + response.text();
        }
    }

    @Test
    void bodyEndsWhereItsLengthSaysOrTheConnectionDoes() throws IOException {
        assertThat(get("HTTP/1.1 200 OK\r\ncontent-LENGTH:5\r\n\r\nhellorest")).isEqualTo("200 hello");
        assertThat(get("HTTP/1.0 404 \r\n\r\nhello")).isEqualTo("404 hello");
        assertThat(get("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n")).isEqualTo("200 ");
        assertThat(get("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi"))
                .isEqualTo("200 hi");
    }

    @Test
    void chunksAreJoinedHoweverTheyArrive() throws IOException {
        String chunks =
                CHUNKED + "5;why=\"x\"\r\nhello\r\n0A ; y\r\n, the worl\r\n01\r\nd\r\n000\r\nTrailer: x\r\n\r\nrest";
        assertThat(get(chunks)).isEqualTo("200 hello, the world");
        assertThat(get(chunks, true)).isEqualTo("200 hello, the world");
        assertThat(get(CHUNKED + "0\r\n\r\n")).isEqualTo("200 ");
        String large = "x".repeat(100_000);
        assertThat(get(CHUNKED + "186a0\r\n" + large + "\r\n0\r\n\r\n")).isEqualTo("200 " + large);
    }

    @Test
    void chunksCountWhereALengthIsSaidAsWell() throws IOException {
        assertThat(
                        get(
                                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: Chunked\r\n\r\n4\r\nlong\r\n0\r\n\r\n"))
                .isEqualTo("200 long");
    }

    @Test
    void statusesAndMethodsWithoutABodyHaveNone() throws IOException {
        assertThat(get("HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\nhello"))
                .isEqualTo("204 ");
        try (ScriptedServer server = new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
                Response response = request("HEAD").sendTo(server.server())) {
            assertThat(response.text()).isEmpty();
        }
    }

    @Test
    void answersBeforeTheLastArePassedOver() throws IOException {
        assertThat(
                        get(
                                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhi"))
                .isEqualTo("200 hi");
    }

    @Test
    void headersAreFoundInWhateverCaseAndFolded() throws IOException {
        try (ScriptedServer server =
                        new ScriptedServer("HTTP/1.1 200 OK\nA:b\nContent-Type:\t text/plain; \r\n x=y \r\nB:\n\n");
                Response response = request("GET").sendTo(server.server())) {
            assertThat(response.header("content-type")).contains("text/plain; x=y");
            assertThat(response.header("b")).contains("");
            assertThat(response.header("c")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n",
                "\r\n\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 2000\r\n\r\n",
                "HTTP/1.1 -20 OK\r\n\r\n",
                "HTTP/1.1 099 OK\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "HTTP/1.1 200 OK\r\n folded: first\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nname : x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                CHUNKED + "\r\n0\r\n\r\n",
                CHUNKED + "-1\r\nx\r\n0\r\n\r\n",
                CHUNKED + "0x1\r\nx\r\n0\r\n\r\n",
                CHUNKED + "ffffffffffffffff\r\nx\r\n0\r\n\r\n",
                CHUNKED + "1\r\nxy\r\n0\r\n\r\n"
            })
    void whatIsNotHttpIsRefused(String answer) {
        assertThatThrownBy(() -> get(answer)).isInstanceOf(MalformedAnswer.class);
    }

    @Test
    void headAndTrailersHaveALimit() {
        String header = "a: " + "x".repeat(1000) + "\r\n";
        assertThatThrownBy(() -> get("HTTP/1.1 200 OK\r\n" + header.repeat(70) + "\r\n"))
                .isInstanceOf(MalformedAnswer.class);
        assertThatThrownBy(() -> get("HTTP/1.1 200 OK" + " ".repeat(70_000))).isInstanceOf(MalformedAnswer.class);
        assertThatThrownBy(() -> get(CHUNKED + "1;" + "x".repeat(9000) + "\r\n"))
                .isInstanceOf(MalformedAnswer.class);
        assertThatThrownBy(() -> get(CHUNKED + "0\r\n" + "a: b\r\n".repeat(101) + "\r\n"))
                .isInstanceOf(MalformedAnswer.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 20",
                "HTTP/1.1 200 OK\r\nContent-Len",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi",
                CHUNKED,
                CHUNKED + "3\r\nhi",
                CHUNKED + "2\r\nhi",
                CHUNKED + "2\r\nhi\r\n",
                CHUNKED + "2\r\nhi\r\n0\r\n"
            })
    void incompleteAnswerIsNeverTakenForAWholeOne(String answer) {
        assertThatThrownBy(() -> get(answer)).isInstanceOf(EOFException.class);
    }

    @Test
    void singleBytesAreUnsigned() throws IOException {
        try (ScriptedServer server = new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\u00ff\u0000");
                Response response = request("GET").sendTo(server.server())) {
            assertThat(response.body().read()).isEqualTo(255);
            assertThat(response.body().read()).isZero();
            assertThat(response.body().read()).isEqualTo(-1);
        }
    }
}
