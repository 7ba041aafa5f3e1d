package com.espra.protoplex.parent.coordinate;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/**
 * Worlds of chance: children come, answer in any order, refuse and die while units are swapped, moved to the one process and back, and removed.
 * When all is quiet, every call has been answered and every child serves what the answers said of what is for it, or has refused it.
 */
public class CoordinatorRandomTest {

    private static final int WORLDS = 1000;
    private static final int STEPS = 120;
    private static final List<String> UNITS = List.of("hello", "other");

    private record Call(String unit, String version, CompletableFuture<Outcome> outcome) {}

    @Test
    public void whateverHappensAllServeWhatWasDecided() {
        for (long seed = 0; seed < WORLDS; seed++) {
            try {
                new Life(seed).live();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("world " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static final class Life {

        private final World world = new World();
        private final Random random;
        private final List<FakeMember> members = new ArrayList<>();
        private final List<Call> calls = new ArrayList<>();
        private int children;
        private int versions;

        Life(long seed) {
            random = new Random(seed);
        }

        void live() {
            for (int i = 0; i < STEPS; i++) {
                step();
                // Not everything that is to be done is done at once.
                for (int n = random.nextInt(6); n > 0 && !world.tasks.isEmpty(); n--) {
                    world.tasks.remove().run();
                }
            }
            world.coordinator.restored(true);
            comeToRest();
            judge();
        }

        private void step() {
            switch (random.nextInt(10)) {
                case 0 -> {
                    if (members.size() < 5) {
                        join(random.nextInt(3) == 0 ? Release.Placement.ONE : Release.Placement.EACH);
                    }
                }
                case 1 -> {
                    if (!members.isEmpty() && random.nextInt(3) == 0) {
                        die(any(members));
                    }
                }
                case 2, 3 -> swap();
                case 4 -> {
                    if (random.nextInt(4) == 0) {
                        String unit = any(UNITS);
                        calls.add(new Call(unit, "", world.coordinator.remove(unit)));
                    }
                }
                default -> {
                    List<FakeMember> busy =
                            members.stream().filter(FakeMember::isBusy).toList();
                    if (!busy.isEmpty()) {
                        any(busy).answer();
                    }
                }
            }
        }

        private void join(Release.Placement placement) {
            FakeMember member = new FakeMember("child-" + ++children).patient();
            if (placement == Release.Placement.ONE) {
                member.one();
            }
            for (int version = 0; version < STEPS; version++) {
                if (random.nextInt(6) == 0) {
                    member.refuses.add("1." + version);
                }
            }
            members.add(member);
            world.coordinator.join(member);
        }

        private void die(FakeMember member) {
            members.remove(member);
            member.die();
            world.coordinator.gone(member.id());
        }

        private void swap() {
            String unit = any(UNITS);
            String version = "1." + (random.nextInt(3) == 0 ? random.nextInt(versions + 1) : ++versions);
            boolean proved = random.nextBoolean();
            Release release = placement(version) == Release.Placement.ONE
                    ? World.inOne(unit, version, proved)
                    : World.release(unit, version, proved);
            calls.add(new Call(unit, version, world.coordinator.swap(release)));
        }

        private static Release.Placement placement(String version) {
            return version.hashCode() % 3 == 0 ? Release.Placement.ONE : Release.Placement.EACH;
        }

        private <T> T any(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }

        private void comeToRest() {
            do {
                for (Release.Placement placement : Release.Placement.values()) {
                    if (isNobody(placement)) {
                        join(placement);
                    }
                }
                members.stream().filter(FakeMember::isBusy).toList().forEach(FakeMember::answer);
                world.run();
                // Those who could not go back were asked to be replaced, and are.
                members.stream()
                        .filter(member -> !member.replaced.isEmpty())
                        .toList()
                        .forEach(this::die);
                world.run();
            } while (isNobody(Release.Placement.EACH)
                    || isNobody(Release.Placement.ONE)
                    || members.stream().anyMatch(FakeMember::isBusy));
        }

        private boolean isNobody(Release.Placement placement) {
            return members.stream().noneMatch(member -> member.placement() == placement);
        }

        private void judge() {
            Map<String, String> decided = new HashMap<>();
            for (Call call : calls) {
                assertTrue("every call is answered: " + call, call.outcome().isDone());
                Outcome outcome = call.outcome().join();
                if (outcome.done() || call.version().isEmpty()) {
                    decided.put(call.unit(), call.version());
                } else {
                    assertTrue("a refusal has a reason", !outcome.reason().isEmpty());
                }
            }
            for (FakeMember member : members) {
                assertTrue(member + " may serve", member.restored);
                for (String unit : UNITS) {
                    String serves = decided.getOrDefault(unit, "");
                    String wanted = placement(serves) == member.placement() ? serves : "";
                    if (!member.refuses.contains(wanted)) {
                        assertEquals(member + ": " + unit, wanted, member.version(unit));
                    }
                }
            }
            boolean needed = decided.values().stream()
                    .anyMatch(version -> !version.isEmpty() && placement(version) == Release.Placement.ONE);
            assertEquals("the one process is there if a unit is in it", needed, world.needed.getLast());
            if (!members.isEmpty()) {
                world.coordinator
                        .units()
                        .forEach(unit -> assertTrue(
                                unit + " is decided: " + decided,
                                !decided.getOrDefault(unit.unit(), "").isEmpty()));
            }
        }
    }
}
