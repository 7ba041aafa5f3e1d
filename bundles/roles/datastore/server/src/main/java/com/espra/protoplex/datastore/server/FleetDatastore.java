package com.espra.protoplex.datastore.server;

import com.espra.protoplex.api.call.CallHeaders;
import com.espra.protoplex.api.call.FleetHandler;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.capability.Capabilities;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.api.offer.OfferProperties;
import com.espra.protoplex.datastore.model.RefusedException;
import com.espra.protoplex.datastore.server.HttpForm.Reply;
import com.espra.protoplex.datastore.server.access.Caller;
import com.google.rpc.Code;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The same protocol for the other roles of the fleet, on whichever node: a call has the path and the body of Google's HTTP form. It needs no
 * token, because the node lets in nobody who is not of the fleet.
 */
@Component(property = OfferProperties.OFFER + ":Boolean=true")
public final class FleetDatastore implements FleetHandler {

    private final Methods methods;
    private final Caller caller;
    private final Counts counts;

    /** While the store is open. */
    @Activate
    public FleetDatastore(
            @Reference OpenStore open, @Reference Capabilities capabilities, @Reference Meters meters) {
        methods = new Methods(open.service(), capabilities);
        caller = open.access().fleet();
        counts = new Counts(meters);
    }

    @Override
    public FleetResponse handle(FleetRequest request) {
        HttpForm form = new HttpForm(Form.type(request.headers().get("content-type").orElse(null)));
        RefusedException refused = null;
        Reply reply;
        try {
            reply = carryOut(form, request);
        } catch (Exception e) {
            refused = DatastoreHandler.refused(e);
            reply = form.reply(refused);
        } catch (StackOverflowError e) {
            refused = new RefusedException(Code.INVALID_ARGUMENT, "the request is nested too deeply", e);
            reply = form.reply(refused);
        }
        counts.ended(caller.id(), refused);
        return answer(reply);
    }

    private Reply carryOut(HttpForm form, FleetRequest request) throws Exception {
        caller.begin();
        boolean good = false;
        try {
            Reply reply = form.reply(methods, caller, request.path(), request.body());
            if (reply.body().length > FleetRequest.MOST_BODY) {
                throw new RefusedException(
                        Code.INVALID_ARGUMENT,
                        "the answer has " + reply.body().length + " bytes, and a call between roles brings at most "
                                + FleetRequest.MOST_BODY + ": ask for less at once");
            }
            good = true;
            return reply;
        } finally {
            caller.end(good);
        }
    }

    private static FleetResponse answer(Reply reply) {
        return new FleetResponse(
                reply.status(), CallHeaders.NONE.with("content-type", reply.type()), reply.body());
    }
}
