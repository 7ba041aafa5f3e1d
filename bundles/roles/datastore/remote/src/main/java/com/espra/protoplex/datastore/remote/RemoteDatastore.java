package com.espra.protoplex.datastore.remote;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.CallHeaders;
import com.espra.protoplex.api.call.CallOrigin;
import com.espra.protoplex.api.call.FleetCalls;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.datastore.DatastoreAnswer;
import com.espra.protoplex.api.datastore.DatastoreCalls;
import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.offer.OfferProperties;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Brings calls to the node of the fleet that has the role {@code datastore}. Of two such nodes each has its own data: one must be named. */
@Component(property = OfferProperties.OFFER + ":Boolean=true", configurationPid = RemoteDatastoreConfig.PID)
@Designate(ocd = RemoteDatastoreConfig.class)
public final class RemoteDatastore implements DatastoreCalls {

    private static final String ROLE = "datastore";
    private static final String TYPE = "application/x-protobuf";

    private final FleetCalls calls;
    private final Directory directory;
    private final String node;

    /** @param calls to the fleet's roles */
    @Activate
    public RemoteDatastore(@Reference FleetCalls calls, @Reference Directory directory, RemoteDatastoreConfig config) {
        this(calls, directory, config.node());
    }

    RemoteDatastore(FleetCalls calls, Directory directory, String node) {
        this.calls = calls;
        this.directory = directory;
        this.node = node.strip();
    }

    /** A call that any of them might get would be written to one and read from another. */
    private void requireOne() throws IOException {
        List<String> all = directory
                .snapshot()
                .map(fleet -> fleet.withRole(ROLE).stream().map(FleetNode::name).toList())
                .orElse(List.of());
        if (all.size() > 1) {
            throw new IOException("the nodes " + String.join(", ", all) + " have the role " + ROLE
                    + ", and each has its own data: remove it from all but one, or name one by ./protoplex config set"
                    + " datastore-remote node=" + all.getFirst());
        }
    }

    private FleetResponse call(FleetRequest request) throws CallFailedException, IOException, InterruptedException {
        if (node.isEmpty()) {
            requireOne();
            return calls.call(ROLE, request);
        }
        return calls.call(ROLE, node, request);
    }

    @Override
    public DatastoreAnswer call(String project, String method, byte[] request, Duration deadline)
            throws IOException, InterruptedException {
        if (request.length > FleetRequest.MOST_BODY) {
            throw new IOException(
                    "the request has " + request.length + " bytes, and a call to another node takes at most "
                            + FleetRequest.MOST_BODY + ": write less at once");
        }
        try {
            FleetResponse response = call(new FleetRequest(
                    "POST",
                    "/v1/projects/" + project + ":" + method,
                    CallHeaders.NONE.with("content-type", TYPE),
                    request,
                    deadline,
                    CallOrigin.HERE));
            return new DatastoreAnswer(response.status(), response.body());
        } catch (CallFailedException e) {
            throw new IOException("the datastore of the fleet did not answer: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException("this is no call of a datastore: " + e.getMessage(), e);
        }
    }
}
