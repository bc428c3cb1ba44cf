package brocker.daemon.api;

import brocker.daemon.port.TrafficTotals;
import brocker.spec.ServiceName;
import brocker.spec.wire.ContainerStats;
import brocker.spec.wire.ServiceView;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * All numbers in Prometheus' text format 0.0.4, each family with its help and its type. The names of services and containers need no
 * escaping. Pure.
 */
final class MetricsText {
    private final StringBuilder text = new StringBuilder();

    private MetricsText() {}

    static String of(
            List<ServiceView> services, Map<ServiceName, TrafficTotals> traffic, List<ContainerStats> containers) {
        MetricsText metrics = new MetricsText();
        metrics.services(services);
        metrics.traffic(traffic);
        metrics.containers(containers);
        return metrics.text.toString();
    }

    private void services(List<ServiceView> services) {
        family("brocker_service_desired", "gauge", "Containers that a service should have.");
        services.forEach(
                service -> sample("brocker_service_desired", label("service", service.name()), service.desired()));
        family("brocker_service_ready", "gauge", "Containers that a service's nginx sends requests to.");
        services.forEach(service -> sample("brocker_service_ready", label("service", service.name()), service.ready()));
    }

    private void traffic(Map<ServiceName, TrafficTotals> traffic) {
        family("brocker_requests_total", "counter", "Requests that nginx has answered, by the class of their status.");
        traffic.forEach((service, totals) -> {
            for (int i = 0; i < totals.byClass().size(); i++) {
                String labels = label("service", service) + "," + label("class", (i + 1) + "xx");
                sample("brocker_requests_total", labels, totals.byClass().get(i));
            }
        });
        family("brocker_upstream_failures_total", "counter", "Containers that nginx tried in vain.");
        traffic.forEach((service, totals) ->
                sample("brocker_upstream_failures_total", label("service", service), totals.upstreamFailures()));
        family("brocker_request_reports_malformed_total", "counter", "Reports of a proxy that were not understood.");
        traffic.forEach((service, totals) ->
                sample("brocker_request_reports_malformed_total", label("service", service), totals.malformed()));
        family(
                "brocker_request_duration_seconds",
                "histogram",
                "From the first byte of a request to the last of its answer, without WebSockets and streams of events.");
        traffic.forEach(this::durations);
    }

    private void durations(ServiceName service, TrafficTotals totals) {
        String name = "brocker_request_duration_seconds";
        for (int i = 0; i < totals.withinBounds().size(); i++) {
            String bound = plain(TrafficTotals.BOUNDS.get(i));
            sample(
                    name + "_bucket",
                    label("service", service) + "," + label("le", bound),
                    totals.withinBounds().get(i));
        }
        sample(name + "_bucket", label("service", service) + "," + label("le", "+Inf"), totals.answered());
        text.append(name + "_sum{" + label("service", service) + "} " + plain(totals.seconds()) + "\n");
        sample(name + "_count", label("service", service), totals.answered());
    }

    private void containers(List<ContainerStats> containers) {
        family("brocker_container_memory_bytes", "gauge", "Memory of a container, without file content.");
        containers.forEach(stats -> sample("brocker_container_memory_bytes", labels(stats), stats.memory()));
        family("brocker_container_cpu_seconds_total", "counter", "What a container has run, on all processors.");
        containers.forEach(stats -> text.append("brocker_container_cpu_seconds_total{" + labels(stats) + "} "
                + BigDecimal.valueOf(stats.cpuNanoseconds(), 9).toPlainString() + "\n"));
    }

    private void family(String name, String type, String help) {
        text.append("# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n");
    }

    private void sample(String name, String labels, long value) {
        text.append(name + "{" + labels + "} " + value + "\n");
    }

    private static String labels(ContainerStats stats) {
        return label("service", stats.service()) + ","
                + label("container", stats.name().abbreviated());
    }

    private static String label(String name, Object value) {
        return name + "=\"" + value + "\"";
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).toPlainString();
    }
}
