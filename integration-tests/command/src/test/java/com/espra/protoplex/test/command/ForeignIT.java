package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.TestBundle;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.Rule;
import org.junit.Test;

/**
 * Bundles that others have written and built, as they come from Maven Central: the web console of Apache Felix, with its servlet context,
 * its servlet and its resources on the OSGi Jakarta Servlet Whiteboard, and the three bundles that it imports. And one as they were written
 * before there was Jakarta.
 */
public class ForeignIT {

    private static final List<String> BUNDLES =
            List.of("org.apache.felix.webconsole", "org.apache.felix.inventory", "encoder", "org.osgi.service.log");

    @Rule
    public final SharedFleet shared = new SharedFleet();

    private final Fleet fleet = shared.fleet;

    @Test
    public void theFelixWebConsoleRunsUnchanged() throws Exception {
        List<String> push = new java.util.ArrayList<>(List.of("push", "--app", "console"));
        BUNDLES.forEach(name -> push.add(onClassPath(name).toString()));

        fleet.run(push.toArray(String[]::new)).succeeded();

        assertEquals(
                "its own authentication",
                401,
                fleet.get("/system/console/bundles").statusCode());
        HttpResponse<String> bundles = asAdministrator("/system/console/bundles.json");
        assertEquals(bundles.body(), 200, bundles.statusCode());
        assertTrue(bundles.body(), bundles.body().contains("\"symbolicName\":\"org.apache.felix.webconsole\""));
        HttpResponse<String> style = asAdministrator("/system/console/res/ui/webconsole.css");
        assertEquals(200, style.statusCode());
        assertTrue(
                style.headers().toString(),
                style.headers().firstValue("Content-Type").orElse("").startsWith("text/css"));

        fleet.run("remove", "console").succeeded();
        assertEquals(404, fleet.get("/system/console/bundles").statusCode());
    }

    /** Compiled against the API of ten years ago, and wired to what a node has of it. */
    @Test
    public void aServletOfJavaxServletIsServed() throws Exception {
        Path jar = TestBundle.named("com.example.old")
                .version("1.0.0")
                .source("""
                        package com.example.old;

                        import java.io.IOException;
                        import javax.servlet.Servlet;
                        import javax.servlet.http.HttpServlet;
                        import javax.servlet.http.HttpServletRequest;
                        import javax.servlet.http.HttpServletResponse;
                        import org.osgi.service.component.annotations.Component;

                        @Component(service = Servlet.class, property = "osgi.http.whiteboard.servlet.pattern=/old/*")
                        public class Old extends HttpServlet {
                            @Override
                            protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
                                response.addHeader("X-Visits", "" + request.getSession().getId().isEmpty());
                                response.getWriter().print(request.getHttpServletMapping().getMappingMatch()
                                        + request.getPathInfo() + " " + request.getReader().readLine());
                            }
                        }
                        """)
                .header("-contract", "none")
                .against(onClassPath("javax.servlet-api"))
                .build(fleet.root());
        String imports;
        try (JarFile file = new JarFile(jar.toFile())) {
            imports = file.getManifest().getMainAttributes().getValue("Import-Package");
        }
        assertTrue(imports, imports.contains("javax.servlet.http;version=\"[4.0,5)\""));

        Fleet.Result push = fleet.run("push", jar.toString()).succeeded();

        assertTrue(push.toString(), push.output().contains("/old"));
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + fleet.port(8080) + "/old/times"))
                            .POST(HttpRequest.BodyPublishers.ofString("how are you"))
                            .timeout(Fleet.DEADLINE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(answer.body(), 200, answer.statusCode());
            assertEquals("PATH/times how are you", answer.body());
            assertEquals("false", answer.headers().firstValue("X-Visits").orElse(""));
        }
        fleet.run("remove", "old").succeeded();
    }

    private HttpResponse<String> asAdministrator(String path) throws Exception {
        String credentials = Base64.getEncoder().encodeToString("admin:admin".getBytes(StandardCharsets.UTF_8));
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + fleet.port(8080) + path))
                            .header("Authorization", "Basic " + credentials)
                            .timeout(Fleet.DEADLINE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static Path onClassPath(String artifact) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> path.getFileName().toString().matches(artifact.replace(".", "\\.") + "-\\d.*\\.jar"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(artifact + " is not on the class path of the tests"));
    }
}
