package com.espra.protoplex.datastore.remote;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.FleetCalls;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.datastore.DatastoreAnswer;
import java.io.IOException;
import java.time.Duration;
import org.junit.Test;

/** Calls that go to the role on another node. */
public class RemoteDatastoreTest {

    private static final class Fleet implements FleetCalls {
        private FleetRequest asked;
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
            throw new AssertionError("no node is meant");
        }
    }

    private final Fleet fleet = new Fleet();
    private final RemoteDatastore remote = new RemoteDatastore(fleet);

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
