package com.espra.protoplex.cli.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Await;
import com.espra.protoplex.cli.demo.Load.Tally;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.junit.After;
import org.junit.Test;

/** Whether the load notices what is wrong: against a server that breaks some of its answers on purpose. */
public class LoadTest {

    private static final int EVERY = 10;

    private final ServerSocket server;
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();

    public LoadTest() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @After
    public void stop() throws IOException {
        server.close();
    }

    @Test
    public void nothingFailsWhenAllIsRight() throws Exception {
        Tally tally = drive(token -> null);

        assertEquals(tally.toString(), 0, tally.failures());
        assertEquals(answered.get(), tally.requests());
    }

    @Test
    public void chunksAreRead() throws Exception {
        Tally tally = drive(token -> null, true);

        assertEquals(tally.toString(), 0, tally.failures());
    }

    @Test
    public void aStatusIsAFailure() throws Exception {
        countsEach("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "status 404");
    }

    @Test
    public void anAnswerToAnotherRequestIsAFailure() throws Exception {
        countsEach("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nnot me\n", "not the answer");
    }

    @Test
    public void aBodyThatIsCutIsAFailure() throws Exception {
        countsEach("HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\nhalf", "ends after 4 of 70");
    }

    @Test
    public void aConnectionThatIsClosedIsAFailure() throws Exception {
        countsEach("", "closed where a response belongs");
    }

    @Test
    public void whatIsNoHttpIsAFailure() throws Exception {
        countsEach("SSH-2.0-OpenSSH\r\n", "not a status line");
    }

    @Test
    public void nobodyThereIsAFailure() throws Exception {
        server.close();
        Load load = new Load(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()), "/", (t, b) -> true);
        load.start(1);
        Await.until("ten requests", () -> load.tally().requests() >= 10);
        Tally tally = load.stop();

        assertEquals(tally.requests(), tally.failures());
        assertTrue(tally.toString(), tally.kinds().keySet().iterator().next().contains("Connect"));
    }

    private void countsEach(String answer, String kind) throws Exception {
        Tally tally = drive(number -> number % EVERY == EVERY - 1 ? answer : null);

        assertTrue("some were broken", broken.get() > 0);
        assertEquals(tally.toString(), broken.get(), tally.failures());
        assertEquals(answered.get(), tally.requests());
        assertTrue(tally.toString(), tally.kinds().keySet().stream().allMatch(each -> each.contains(kind)));
    }

    private Tally drive(LongFunction<String> breaks) throws Exception {
        return drive(breaks, false);
    }

    private Tally drive(LongFunction<String> breaks, boolean chunked) throws Exception {
        Thread.ofVirtual().start(() -> accept(breaks, chunked));
        Load load = new Load(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()),
                "/hello",
                (token, body) -> body.equals("hello " + token + "\n"));
        load.start(4);
        Await.until("some hundred requests", () -> load.tally().requests() > 400);
        return load.stop();
    }

    private void accept(LongFunction<String> breaks, boolean chunked) {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket, breaks, chunked));
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private void serve(Socket socket, LongFunction<String> breaks, boolean chunked) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                OutputStream out = socket.getOutputStream()) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String token = line.substring(line.indexOf("?n=") + 3, line.lastIndexOf(' '));
                while (!in.readLine().isEmpty()) {
                    // headers do not matter here
                }
                String answer = breaks.apply(answered.getAndIncrement());
                if (answer != null) {
                    broken.incrementAndGet();
                    out.write(answer.getBytes(StandardCharsets.US_ASCII));
                    return;
                }
                out.write((chunked ? chunked(token) : whole(token)).getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            // the client has gone
        }
    }

    private static String whole(String token) {
        String body = "hello " + token + "\n";
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String chunked(String token) {
        return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello \r\n"
                + Integer.toHexString(token.length() + 1) + "\r\n" + token + "\n\r\n0\r\n\r\n";
    }
}
