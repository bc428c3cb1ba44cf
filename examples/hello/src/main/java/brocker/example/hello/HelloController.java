package brocker.example.hello;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
class HelloController {
    private static final long LONGEST_SLEEP = 60_000;

    private final JsonMapper mapper;

    HelloController(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** The JSON line; what curl gets, which accepts anything. */
    @GetMapping(path = "/", produces = MediaType.APPLICATION_JSON_VALUE)
    String json(HttpServletRequest request) {
        return mapper.writeValueAsString(Answer.from(request.getLocalAddr())) + "\n";
    }

    /** The page; what a browser gets, which asks for HTML. */
    @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
    String page(HttpServletRequest request) {
        return Page.of(Answer.from(request.getLocalAddr()));
    }

    /** Answers after {@code millis} milliseconds, one minute at most. */
    @GetMapping("/slow")
    ResponseEntity<String> slow(@RequestParam(defaultValue = "1000") long millis) throws InterruptedException {
        if (millis < 0 || millis > LONGEST_SLEEP) {
            return ResponseEntity.badRequest().body("millis must be 0 to " + LONGEST_SLEEP + "\n");
        }
        Thread.sleep(millis);
        return ResponseEntity.ok("slept " + millis + " ms\n");
    }

    @PostMapping("/echo")
    ResponseEntity<byte[]> echo(@RequestBody(required = false) byte[] body, HttpServletRequest request) {
        MediaType type = request.getContentType() == null
                ? MediaType.APPLICATION_OCTET_STREAM
                : MediaType.parseMediaType(request.getContentType());
        return ResponseEntity.ok().contentType(type).body(body == null ? new byte[0] : body);
    }
}
