package com.espra.protoplex.child;

import static org.junit.Assert.assertEquals;

import com.espra.protoplex.peer.Peer;
import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.Test;

public class AnnouncementsTest {

    private final List<String> asked = new CopyOnWriteArrayList<>();

    @Test
    public void theParentIsToldUntilItHasHeard() {
        Peer late = (topic, body) -> {
            asked.add(topic + " " + body);
            return asked.size() < 3
                    ? CompletableFuture.failedFuture(new IOException("nobody answers 'ready' here"))
                    : CompletableFuture.completedFuture(Map.of());
        };
        try (Announcements announcements = new Announcements(late)) {
            announcements.announce("ready", Map.of("swaps", true));

            Await.until("the parent has heard", Duration.ofSeconds(10), () -> asked.size() == 3);
            announcements.announce("serving", Map.of());

            Await.until("the next is told", Duration.ofSeconds(10), () -> asked.size() == 4);
            assertEquals("serving {}", asked.get(3));
            assertEquals(3, asked.stream().filter("ready {swaps=true}"::equals).count());
        }
    }
}
