package com.espra.protoplex.test.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.Test;

/** The page that a node shows until an app claims its root. */
public class WelcomeIT extends AppTest {

    @Test
    public void theRootShowsWhatRunsHere() throws Exception {
        Await.until("the page is there", Duration.ofSeconds(10), () -> get("/").statusCode() == 200);
        assertTrue(body("/"), body("/").contains("./protoplex new hello"));

        assertEquals("", push("1.0.0", servlet("Hello", "/hello", "out.print(1);")));

        assertTrue(body("/"), body("/").contains("hello") && body("/").contains("/hello"));
        HttpResponse<String> html = send(request("/").header("Accept", "text/html,*/*"));
        assertTrue(html.body(), html.body().contains("<a href=\"/hello\">/hello</a>"));
        assertEquals(404, get("/unknown").statusCode());
    }

    @Test
    public void anAppThatClaimsTheRootHasIt() throws Exception {
        assertEquals("", push("1.0.0", servlet("Hello", "/*", "out.print(\"mine\");")));

        assertEquals("mine", body("/"));
        assertEquals("mine", body("/anything"));
    }
}
