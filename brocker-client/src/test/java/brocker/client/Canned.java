package brocker.client;

/** What a daemon says of one container and of one service. */
final class Canned {
    static final String NAME = "5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c";
    static final String CONTAINER = "{\"name\":\"" + NAME
            + "\",\"service\":\"shop\",\"role\":\"replica\",\"state\":\"running\",\"ready\":false,\"address\":\"10.0.1.3\","
            + "\"interface\":\"veth7\",\"pid\":4711,\"command\":[\"/bin/sh\",\"-c\",\"a\\u001b[31m b\"],"
            + "\"created\":\"2026-11-23T19:25:26.123Z\",\"started\":\"2026-11-23T19:25:26.131Z\",\"later\":{\"x\":[1]}}";
    static final String ENDED =
            CONTAINER.replace("\"running\"", "\"exited\"").replace("\"pid\":4711", "\"exit-code\":143");
    static final String SERVICE =
            "{\"name\":\"shop\",\"bridge\":\"brocker3\",\"address\":\"10.0.1.1/24\",\"publish\":[\"127.0.0.1:8080\"],"
                    + "\"desired\":3,\"ready\":2}";

    private Canned() {}
}
