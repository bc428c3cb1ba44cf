package brocker.example.hello;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A release that starts and does not work, to see what Brocker does with it: {@code --hello.broken=500} and {@code 503} answer every
 * request with that, {@code 301} points somewhere else, {@code hang} never answers.
 */
@Component
@ConditionalOnProperty("hello.broken")
class Broken extends OncePerRequestFilter {
    private final String how;

    Broken(@Value("${hello.broken}") String how) {
        this.how = how;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        switch (how) {
            case "301" -> {
                response.setStatus(301);
                response.setHeader("Location", "https://elsewhere.example" + request.getRequestURI());
            }
            case "hang" -> hang();
            default -> {
                response.setStatus(Integer.parseInt(how));
                response.setContentType("text/plain");
                response.getWriter().println("hello.broken=" + how);
            }
        }
    }

    private static void hang() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
