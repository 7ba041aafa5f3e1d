package com.espra.protoplex.datastore.remote;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.CallHeaders;
import com.espra.protoplex.api.call.CallOrigin;
import com.espra.protoplex.api.call.FleetCalls;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.datastore.DatastoreAnswer;
import com.espra.protoplex.api.datastore.DatastoreCalls;
import com.espra.protoplex.api.offer.OfferProperties;
import java.io.IOException;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Brings calls to a node of the fleet that has the role {@code datastore}. */
@Component(property = OfferProperties.OFFER + ":Boolean=true")
public final class RemoteDatastore implements DatastoreCalls {

    private static final String ROLE = "datastore";
    private static final String TYPE = "application/x-protobuf";

    private final FleetCalls calls;

    /** @param calls to the fleet's roles */
    @Activate
    public RemoteDatastore(@Reference FleetCalls calls) {
        this.calls = calls;
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
            FleetResponse response = calls.call(
                    ROLE,
                    new FleetRequest(
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
