package com.espra.protoplex.datastore.server;

import com.espra.protoplex.api.capability.Capabilities;
import com.espra.protoplex.api.datastore.DatastoreAnswer;
import com.espra.protoplex.api.datastore.DatastoreCalls;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.api.offer.OfferProperties;
import com.espra.protoplex.datastore.server.HttpForm.Reply;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The datastore for the other units of its process. They are of this node, and need no token. */
@Component(property = {OfferProperties.OFFER + ":Boolean=true", "service.ranking:Integer=100"})
public final class LocalDatastore implements DatastoreCalls {

    private final Inside inside;

    /** While the store is open. */
    @Activate
    public LocalDatastore(@Reference OpenStore open, @Reference Capabilities capabilities, @Reference Meters meters) {
        inside = new Inside(open, open.access().node(), capabilities, meters);
    }

    @Override
    public DatastoreAnswer call(String project, String method, byte[] request, Duration deadline) {
        Reply reply = inside.answer(
                new HttpForm(HttpForm.PROTOBUF),
                HttpForm.PATH + project + ":" + method,
                request,
                Intake.MOST_BODY_BYTES);
        return new DatastoreAnswer(reply.status(), reply.body());
    }
}
