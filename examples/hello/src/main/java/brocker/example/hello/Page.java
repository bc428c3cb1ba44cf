package brocker.example.hello;

import org.springframework.web.util.HtmlUtils;

final class Page {
    private static final String TEMPLATE = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>%1$s · hello</title>
            <style>
              :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 15%%, transparent); --hue: #%2$s; }
              body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 1.5rem; }
              p { margin: 0; opacity: .7; }
              h1 { font: 600 2.2rem/1.2 ui-monospace, monospace; margin: .2rem 0 2rem; border-left: .4rem solid var(--hue); padding-left: .8rem; }
              dl { display: grid; grid-template-columns: 9rem 1fr; margin: 0 0 2rem; border-top: 1px solid var(--line); }
              dt, dd { margin: 0; padding: .45rem 0; border-bottom: 1px solid var(--line); }
              dt { opacity: .7; } dd { font-variant-numeric: tabular-nums; }
            </style>
            <p>This answer comes from container</p>
            <h1>%1$s</h1>
            <dl>
              <dt>Hostname</dt><dd>%3$s</dd>
              <dt>Address</dt><dd>%4$s</dd>
              <dt>Uptime</dt><dd>%5$s</dd>
              <dt>Heap</dt><dd>%6$d of %7$d MB</dd>
              <dt>Processors</dt><dd>%8$d</dd>
              <dt>Java</dt><dd>%9$s</dd>
            </dl>
            <p>Reload the page: another replica may answer.</p>
            </html>
            """;

    private Page() {}

    /** The page of one answer; the bar beside the name has a colour of the container's own. */
    static String of(Answer answer) {
        return TEMPLATE.formatted(
                HtmlUtils.htmlEscape(answer.container()),
                "%06x".formatted(answer.container().hashCode() & 0xffffff),
                HtmlUtils.htmlEscape(answer.hostname()),
                HtmlUtils.htmlEscape(answer.address()),
                answer.uptime(),
                answer.heapUsed(),
                answer.heapMax(),
                answer.processors(),
                HtmlUtils.htmlEscape(answer.java()));
    }
}
