package com.espra.protoplex.live.mercure.request;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.live.mercure.match.TopicSpace;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Test;

public class SubscribeRequestTest {

    private static final TopicSpace SPACE = new TopicSpace("https://hub.example.com/.well-known/mercure");

    private static SubscribeRequest request(int matchers, String name, IntFunction<String> pattern)
            throws MercureRefusal {
        String query = IntStream.range(0, matchers)
                .mapToObj(i -> name + "=" + URLEncoder.encode(pattern.apply(i), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return SubscribeRequest.of(SPACE, FormFields.parse(query), Optional.empty(), true, 100);
    }

    /** A hundred of these took 14 MiB, and 50 ms for each update. */
    @Test
    public void whatTheMatchersOfOneTakeTogetherIsBounded() throws Exception {
        MercureRefusal refused = assertThrows(
                MercureRefusal.class, () -> request(100, "match_urlpattern", i -> "/(.{0,900})(.{0,900})b" + i));
        assertEquals(400, refused.status());
        assertThrows(MercureRefusal.class, () -> request(100, "match_urlpattern", i -> "/(.{0,40})" + i));
        assertThrows(MercureRefusal.class, () -> request(100, "topic", i -> "{a,b,c,d,e,f,g,h,i,j,k,l}" + i));
        assertTrue(request(2, "match_urlpattern", i -> "/(.{0,900})(.{0,900})b" + i)
                        .states()
                > 3600);
    }

    @Test
    public void aHundredUsualMatchersAreFew() throws Exception {
        String start = "https://www.example.com/a/path/that/is/long/enough/to/be/usual/";
        assertEquals(0, request(100, "match", i -> start + i).states());
        assertEquals(0, request(100, "match_urlpattern", i -> start + i).states());
        int patterns = request(100, "match_urlpattern", i -> "/books/" + i + "/:chapter/*")
                .states();
        assertTrue("states: " + patterns, patterns < SubscribeRequest.MOST_STATES);
        assertEquals(
                50, request(50, "topic", i -> start + i + "/{id}").matchers().size());
    }
}
