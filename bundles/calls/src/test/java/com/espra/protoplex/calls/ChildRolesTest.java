package com.espra.protoplex.calls;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.CallFailedException.Reason;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.calls.children.ChildRoles;
import com.espra.protoplex.calls.local.CallPlace;
import com.espra.protoplex.calls.send.FleetTarget;
import com.espra.protoplex.peer.Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

public class ChildRolesTest {

    private static final FleetRequest READ = FleetRequest.get("/");
    private static final FleetRequest WRITE = FleetRequest.post("/", new byte[] {1});

    private final List<String> asked = new ArrayList<>();
    private final Map<String, Reason> failures = new HashMap<>();
    private final ChildRoles roles = new ChildRoles(this::call);

    private FleetResponse call(FleetTarget target, String role, FleetRequest request, long endNanos)
            throws CallFailedException {
        String port = target.address().substring(target.address().lastIndexOf(':') + 1);
        asked.add(port);
        Reason reason = failures.get(port);
        if (reason != null) {
            throw new CallFailedException(role, target.node(), reason, "failed", null);
        }
        return FleetResponse.text(port);
    }

    private Peer child(String name, CompletableFuture<Map<String, Object>> answer) {
        Peer peer = (topic, body) -> answer;
        roles.addChild(peer, Map.of(Peer.NAME, name));
        return peer;
    }

    private Peer child(String name, long port, String... has) {
        return child(name, CompletableFuture.completedFuture(Map.of("port", port, "roles", List.of(has))));
    }

    private String call(String role, FleetRequest request) throws Exception {
        try (CallPlace place = roles.enter(role, "node-1").orElseThrow()) {
            return place.answer(request).text();
        }
    }

    private Reason fails(FleetRequest request) {
        return assertThrows(CallFailedException.class, () -> call("mail", request))
                .reason();
    }

    @Test
    public void whereThereAreNoChildrenNothingIsHandedOn() throws Exception {
        assertTrue(roles.enter("mail", "node-1").isEmpty());
    }

    @Test
    public void aChildThatHasTheRoleIsCalled() throws Exception {
        child("serving-0.1", 1, "log");
        Peer second = child("serving-1.1", 2, "log", "mail");
        child("serving-2.1", CompletableFuture.failedFuture(new IOException("it starts still")));
        assertEquals("2", call("mail", WRITE));
        roles.removeChild(second);
        assertEquals(Reason.UNAVAILABLE, fails(READ));
    }

    @Test
    public void aChildThatStartsHoldsNoCallUp() throws Exception {
        child("serving-0.1", 1, "mail");
        assertEquals("1", call("mail", READ));
        CompletableFuture<Map<String, Object>> late = new CompletableFuture<>();
        child("serving-1.2", late);
        long begun = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            assertEquals("1", call("mail", READ));
        }
        assertTrue("none has waited", System.nanoTime() - begun < 900_000_000L);
        late.complete(Map.of("port", 2L, "roles", List.of("mail")));
        failures.put("1", Reason.UNREACHABLE);
        assertEquals("2", call("mail", WRITE));
    }

    @Test
    public void anotherChildIsCalledIfNothingWasDoneOrToDoItTwiceIsSafe() throws Exception {
        child("serving-0.1", 1, "mail");
        child("serving-1.1", 2, "mail");
        String first = call("mail", READ);
        String second = first.equals("1") ? "2" : "1";
        failures.put(first, Reason.UNREACHABLE);
        assertEquals(second, call("mail", WRITE));
        failures.put(first, Reason.BROKEN);
        assertEquals(second, call("mail", READ));
        assertEquals(Reason.BROKEN, fails(WRITE));
        failures.put(first, Reason.FAILED);
        asked.clear();
        assertEquals(Reason.FAILED, fails(READ));
        assertEquals(List.of(first), asked);
    }
}
