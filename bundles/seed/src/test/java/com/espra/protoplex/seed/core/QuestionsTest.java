package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.state.FleetException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.Before;
import org.junit.Test;

/** Nodes are asked something of themselves, and answer, or do not. */
public class QuestionsTest {

    private SimulatedFleet world;

    @Before
    public void aFleetOfTwo() throws Exception {
        world = new SimulatedFleet();
        world.connect(2);
    }

    private CompletableFuture<LinkFrame.Answer> ask(String node) throws Exception {
        return world.fleet.ask(node, LinkFrame.Ask.LOG, Map.of());
    }

    private static LinkFrame.Answer answer(String id) {
        return new LinkFrame.Answer(id, "", "c", List.of());
    }

    @Test
    public void anAnswerIsThatOfTheNodeThatWasAsked() throws Exception {
        CompletableFuture<LinkFrame.Answer> asked = ask("node-1");
        String id = world.node("node-1").questions.getLast().id();
        world.fleet.received(world.node("node-2"), answer(id));
        assertFalse("another node answers for it", asked.isDone());
        world.fleet.received(world.node("node-1"), answer("nobody asked"));
        world.fleet.received(world.node("node-1"), answer(id));
        assertEquals(id, asked.get().id());
        world.fleet.received(world.node("node-1"), answer(id));
    }

    @Test
    public void whoDoesNotAnswerIsNotWaitedForForEver() throws Exception {
        CompletableFuture<LinkFrame.Answer> silent = ask("node-1");
        CompletableFuture<LinkFrame.Answer> lost = ask("node-2");
        world.node("node-2").disconnect();
        world.settle();
        assertTrue(
                assertThrows(ExecutionException.class, lost::get).getMessage().contains("not connected"));
        world.pass(Duration.ofSeconds(11));
        assertTrue(
                assertThrows(ExecutionException.class, silent::get).getMessage().contains("has not answered"));
    }

    @Test
    public void questionsAreBounded() throws Exception {
        for (int i = 0; i < 4; i++) {
            ask("node-1");
        }
        assertThrows(FleetException.class, () -> ask("node-1"));
        ask("node-2");
        world.pass(Duration.ofSeconds(11));
        ask("node-1");
    }

    @Test
    public void whoCannotBeAskedIsSaid() throws Exception {
        assertThrows(FleetException.class, () -> ask("node-7"));
        SimulatedFleet.SimulatedNode old = world.node("node-9");
        old.order = LinkFrame.Order.UNHEARD;
        old.connect();
        world.settle();
        assertTrue(
                assertThrows(FleetException.class, () -> ask("node-9")).remedy().contains("upgrade"));
        assertEquals(List.of(), old.questions);
    }
}
