package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;

import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.ClassRule;
import org.junit.Test;

/** What a visitor of an app sees while it is swapped. */
public class VisitIT {

    @ClassRule
    public static final SharedFleet shared = new SharedFleet();

    private static final Fleet fleet = shared.fleet;

    @Test
    public void aSessionSurvivesASwapARollbackAndARestart() throws Exception {
        HttpClient visitor =
                HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
        fleet.run("push", counting("1.0.0").toString()).succeeded();
        assertEquals("1.0.0 1", get(visitor, http("/count")).body());

        fleet.run("push", counting("1.0.1").toString()).succeeded();
        assertEquals("1.0.1 2", get(visitor, http("/count")).body());

        fleet.run("rollback", "count").succeeded();
        assertEquals("1.0.0 3", get(visitor, http("/count")).body());

        fleet.run("down").succeeded();
        fleet.up();
        assertEquals("1.0.0 4", get(visitor, http("/count")).body());
        assertEquals(
                "another visitor",
                "1.0.0 1",
                get(HttpClient.newHttpClient(), http("/count")).body());
    }

    @Test
    public void theSecurePortSpeaksBothVersionsOfHttp() throws Exception {
        fleet.run("push", Apps.app("secure", "1.0.0").build(fleet.root()).toString())
                .succeeded();
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());

        for (HttpClient.Version version : HttpClient.Version.values()) {
            if (version != HttpClient.Version.HTTP_1_1 && version != HttpClient.Version.HTTP_2) {
                continue;
            }
            HttpClient client =
                    HttpClient.newBuilder().sslContext(tls).version(version).build();
            HttpResponse<String> response =
                    get(client, URI.create("https://localhost:" + fleet.port(8443) + "/secure"));
            assertEquals("secure 1.0.0", response.body());
            assertEquals(version, response.version());
        }
    }

    private static Path counting(String version) {
        return Apps.with("count", version, """
                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                    HttpSession session = request.getSession();
                    Integer before = (Integer) session.getAttribute("visits");
                    int visits = before == null ? 1 : before + 1;
                    session.setAttribute("visits", visits);
                    response.getWriter().print("%s " + visits);
                }
                """.formatted(version)).build(fleet.root());
    }

    private static URI http(String path) {
        return URI.create("http://localhost:" + fleet.port(8080) + path);
    }

    private static HttpResponse<String> get(HttpClient client, URI uri) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Fleet.DEADLINE).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The certificate is self-made: whether it is to be trusted is not the question here. */
    private static final class TrustAll extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
