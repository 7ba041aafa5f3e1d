package com.espra.protoplex.datastore.server;

import com.espra.protoplex.api.call.CallHeaders;
import com.espra.protoplex.api.call.FleetHandler;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.capability.Capabilities;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.api.offer.OfferProperties;
import com.espra.protoplex.datastore.server.HttpForm.Reply;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The same protocol for the other roles of the fleet, on whichever node: a call has the path and the body of Google's HTTP form. It needs no
 * token, because the node lets in nobody who is not of the fleet.
 */
@Component(property = OfferProperties.OFFER + ":Boolean=true")
public final class FleetDatastore implements FleetHandler {

    private final Inside inside;

    /** While the store is open. */
    @Activate
    public FleetDatastore(@Reference OpenStore open, @Reference Capabilities capabilities, @Reference Meters meters) {
        inside = new Inside(open, open.access().fleet(), capabilities, meters);
    }

    @Override
    public FleetResponse handle(FleetRequest request) {
        String type = Form.type(request.headers().get("content-type").orElse(null));
        Reply reply = inside.answer(new HttpForm(type), request.path(), request.body(), FleetRequest.MOST_BODY);
        return new FleetResponse(reply.status(), CallHeaders.NONE.with("content-type", reply.type()), reply.body());
    }
}
