package brocker.daemon.proxy;

import brocker.spec.ByteSize;
import brocker.spec.ProxySettings;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The directives of a {@code server} by which requests are handed on, which its locations inherit. Pure. */
record Forwarding(ProxySettings settings, Forwarded forwarded) {
    private static final Template TEMPLATE = Template.ours("forwarding");

    String text() {
        Map<String, String> values = new HashMap<>(forwarded.headers());
        values.put("max-body-size", size(settings.maxBodySizeOrDefault()));
        values.put("gzip", flag(settings.gzipOrDefault()));
        values.put("connect-timeout", settings.connectTimeoutOrDefault().toString());
        values.put("read-timeout", settings.readTimeoutOrDefault().toString());
        values.put("send-timeout", settings.sendTimeoutOrDefault().toString());
        values.put("buffering", flag(settings.bufferingOrDefault()));
        values.put("request-buffering", flag(settings.requestBufferingOrDefault()));
        values.put(
                "taken",
                forwarded.taken().stream()
                        .map(header -> "proxy_set_header " + header + " \"\";\n")
                        .collect(Collectors.joining()));
        return TEMPLATE.fill(values);
    }

    private static String flag(boolean on) {
        return on ? "on" : "off";
    }

    /** nginx knows nothing above {@code g}. */
    static String size(ByteSize size) {
        long gibibyte = 1L << 30;
        return size.bytes() % gibibyte == 0 ? size.bytes() / gibibyte + "g" : size.toString();
    }
}
