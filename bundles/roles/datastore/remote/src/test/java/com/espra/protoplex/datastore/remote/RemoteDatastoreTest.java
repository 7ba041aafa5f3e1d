package com.espra.protoplex.datastore.remote;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.FleetCalls;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.datastore.DatastoreAnswer;
import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.directory.FleetSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;

/** Calls that go to the role on another node. */
public class RemoteDatastoreTest {

    private static final class Fleet implements FleetCalls {
        private FleetRequest asked;
        private FleetRequest named;
        private CallFailedException failure;

        @Override
        public FleetResponse call(String role, FleetRequest request) throws CallFailedException {
            assertEquals("datastore", role);
            asked = request;
            if (failure != null) {
                throw failure;
            }
            return FleetResponse.of(409, new byte[] {1, 2});
        }

        @Override
        public FleetResponse call(String role, String node, FleetRequest request) {
            assertEquals("datastore", role);
            assertEquals("node-2", node);
            named = request;
            return FleetResponse.of(200, new byte[0]);
        }
    }

    private final Fleet fleet = new Fleet();
    private final Known directory = new Known();
    private final RemoteDatastore remote = new RemoteDatastore(fleet, directory, "");

    private static final class Known implements Directory {
        private FleetSnapshot fleet;

        @Override
        public Optional<FleetSnapshot> snapshot() {
            return Optional.ofNullable(fleet);
        }

        @Override
        public boolean isCurrent() {
            return true;
        }

        void has(FleetNode... nodes) {
            fleet = new FleetSnapshot(
                    1, 1, Instant.EPOCH, Stream.of(nodes).collect(Collectors.toMap(FleetNode::name, each -> each)));
        }
    }

    private static FleetNode node(String name, String... roles) {
        return new FleetNode(name, "", Set.of(roles), Map.of(), Map.of(), true, Instant.EPOCH, "HEALTHY");
    }

    @Test
    public void ofTwoDatastoresOneIsNamed() throws Exception {
        directory.has(node("node-1", "datastore"), node("node-2", "app"));
        assertEquals(
                409,
                remote.call("p", "lookup", new byte[0], Duration.ofSeconds(1)).status());
        fleet.asked = null;
        directory.has(node("node-1", "datastore"), node("node-2", "datastore"), node("node-3"));
        IOException two =
                assertThrows(IOException.class, () -> remote.call("p", "lookup", new byte[0], Duration.ofSeconds(1)));
        assertTrue(two.getMessage(), two.getMessage().contains("node-1, node-2 have the role datastore"));
        assertNull("nobody is asked", fleet.asked);
        RemoteDatastore second = new RemoteDatastore(fleet, directory, "node-2");
        assertEquals(
                200,
                second.call("p", "lookup", new byte[0], Duration.ofSeconds(1)).status());
        assertEquals("/v1/projects/p:lookup", fleet.named.path());
    }

    @Test
    public void aCallHasGooglesPathAndWhatWasAnsweredComesBack() throws Exception {
        DatastoreAnswer answer = remote.call("example.com:shop", "commit", new byte[] {7}, Duration.ofSeconds(3));
        assertEquals(409, answer.status());
        assertEquals(2, answer.message().length);
        assertEquals("/v1/projects/example.com:shop:commit", fleet.asked.path());
        assertEquals(
                "application/x-protobuf",
                fleet.asked.headers().get("content-type").orElseThrow());
        assertEquals(Duration.ofSeconds(3), fleet.asked.deadline());
        assertEquals("a commit is not made twice by itself", "POST", fleet.asked.method());
    }

    @Test
    public void whatCannotBeBroughtIsSaid() {
        fleet.failure = new CallFailedException(
                "datastore", "", CallFailedException.Reason.NOBODY, "no node has the role datastore", null);
        IOException nobody =
                assertThrows(IOException.class, () -> remote.call("p", "lookup", new byte[0], Duration.ofSeconds(1)));
        assertTrue(nobody.getMessage(), nobody.getMessage().contains("no node has the role datastore"));
        IOException big = assertThrows(
                IOException.class,
                () -> remote.call("p", "commit", new byte[FleetRequest.MOST_BODY + 1], Duration.ofSeconds(1)));
        assertTrue(big.getMessage(), big.getMessage().contains("write less at once"));
        assertThrows(IOException.class, () -> remote.call("p q", "lookup", new byte[0], Duration.ofSeconds(1)));
    }
}
