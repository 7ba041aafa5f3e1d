package com.espra.protoplex.relay.direct;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Director;
import com.espra.protoplex.api.relay.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public class DirectorsTest {

    private record Later(Duration delay, Runnable task) {}

    private final List<Later> later = new ArrayList<>();
    private final Directors directors = new Directors(delay -> task -> later.add(new Later(delay, task)));
    private final Director one = request -> new Decision.Pass();
    private final Director other = request -> Decision.Respond.redirect(302, "/");

    @Test
    public void aDirectorThatIsReplacedDecidesUntilTheNextComes() {
        directors.setDirector(one);
        directors.unsetDirector(one);
        assertTrue(directors.current().isOf(one));
        directors.setDirector(other);
        assertTrue(directors.current().isOf(other));
        later.removeFirst().task().run();
        assertTrue(
                "the wait for the first one's end took the second one away",
                directors.current().isOf(other));
    }

    @Test
    public void aDirectorThatIsGoneDecidesNothingMore() {
        directors.setDirector(one);
        directors.unsetDirector(one);
        Later end = later.removeFirst();
        assertEquals(Directors.MOVE, end.delay());
        end.task().run();
        assertNull(directors.current());
    }

    @Test
    public void whatWasDecidedIsFollowedUntilTheVersionIsDrained() {
        directors.setDirector(one);
        ToldTargets targets = new ToldTargets("http://a:1", "http://b:1");
        DirectedTraffic traffic = directors.current();
        FollowedTargets followed = traffic.follow(new Decision.Relay(targets));
        assertNotNull(followed.next());
        directors.setDirector(other);
        directors.unsetDirector(one);
        followed.answered(200, 1);
        assertEquals(List.of("http://a:1 200"), targets.told());
        Later drain = later.removeFirst();
        assertEquals(Directors.DRAIN, drain.delay());
        drain.task().run();
        followed.ended(Outcome.ANSWERED);
        assertEquals(List.of("http://a:1 200", "http://a:1 LET_GO"), targets.told());
        assertNull("one that is let go has no next target", followed.next());
        assertEquals(0, traffic.followed());
    }

    @Test
    public void whatIsDecidedInTheMomentOfTheEndIsLetGoAtOnce() {
        directors.setDirector(one);
        DirectedTraffic traffic = directors.current();
        traffic.letGo();
        FollowedTargets late = traffic.follow(new Decision.Relay(new ToldTargets("http://a:1")));
        assertNull(late.next());
        assertEquals(0, traffic.followed());
    }
}
