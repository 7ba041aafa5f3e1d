package com.espra.protoplex.datastore.server;

import com.espra.protoplex.api.capability.Capabilities;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.datastore.model.RefusedException;
import com.espra.protoplex.datastore.server.HttpForm.Reply;
import com.espra.protoplex.datastore.server.access.DataCaller;
import com.google.rpc.Code;

/** Carries out what comes by no listener: from other units of the node, and from roles of the fleet. */
final class Inside {

    private final Methods methods;
    private final DataCaller caller;
    private final Counts counts;

    Inside(OpenStore open, DataCaller caller, Capabilities capabilities, Meters meters) {
        methods = new Methods(open.service(), capabilities);
        this.caller = caller;
        counts = new Counts(meters);
    }

    /** @param mostBytes what can be brought to whoever asks */
    Reply answer(HttpForm form, String path, byte[] body, int mostBytes) {
        RefusedException refused = null;
        Reply reply;
        try {
            reply = carryOut(form, path, body, mostBytes);
        } catch (Exception e) {
            refused = DatastoreHandler.refused(e);
            reply = form.reply(refused);
        } catch (StackOverflowError e) {
            refused = new RefusedException(Code.INVALID_ARGUMENT, "the request is nested too deeply", e);
            reply = form.reply(refused);
        }
        counts.ended(caller.id(), refused);
        return reply;
    }

    private Reply carryOut(HttpForm form, String path, byte[] body, int mostBytes) throws Exception {
        caller.begin();
        boolean good = false;
        try {
            Reply reply = form.reply(
                    methods,
                    caller,
                    path,
                    body,
                    Thread.currentThread()::isInterrupted,
                    most -> require(most, mostBytes, "may have", "use several commits"));
            require(reply.body().length, mostBytes, "has", "ask for less at once");
            good = true;
            return reply;
        } finally {
            caller.end(good);
        }
    }

    private static void require(long bytes, int mostBytes, String has, String what) {
        if (bytes > mostBytes) {
            throw new RefusedException(
                    Code.INVALID_ARGUMENT,
                    "the answer " + has + " " + bytes + " bytes, and a call between roles brings at most " + mostBytes
                            + ": " + what);
        }
    }
}
