package com.espra.protoplex.datastore.server;

import com.espra.protoplex.api.capability.Capabilities;
import com.espra.protoplex.api.http.HandlerProperties;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.datastore.model.RefusedException;
import com.espra.protoplex.datastore.server.access.DataAccess;
import com.espra.protoplex.datastore.server.access.DataCaller;
import com.espra.protoplex.datastore.server.admin.AdminPath;
import com.google.rpc.Code;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Google's protocol, in its three forms: protobuf and JSON over HTTP, and gRPC. */
@Component(
        service = Handler.class,
        property = {
            HandlerProperties.PATH + "=/v1/projects/*",
            HandlerProperties.PATH + "=" + GrpcForm.PATH + "*",
            HandlerProperties.PATH + "=" + GrpcForm.INDEXES + "*",
            HandlerProperties.PATH + "=" + GrpcForm.OPERATIONS + "*"
        })
public final class DatastoreHandler extends Handler.Abstract {

    private static final Logger LOG = LoggerFactory.getLogger(DatastoreHandler.class);

    private final Methods methods;
    private final DataAccess access;
    private final Counts counts;
    private final Faults faults;
    private final Intake intake = new Intake();
    private final AnswerRoom answers = new AnswerRoom();

    /** While the store is open. */
    @Activate
    public DatastoreHandler(@Reference OpenStore open, @Reference Capabilities capabilities, @Reference Meters meters) {
        this(open, capabilities, meters, new Faults());
    }

    /** One in which something goes wrong on purpose. */
    public DatastoreHandler(OpenStore open, Capabilities capabilities, Meters meters, Faults faults) {
        this.faults = faults;
        methods = new Methods(open.service(), capabilities);
        access = open.access();
        counts = new Counts(meters);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Form form = Form.of(request);
        RefusedException refused = null;
        String caller = Counts.NOBODY;
        try {
            requirePost(request);
            DataCaller known = access.check(request);
            caller = known.id();
            faults.before(Request.getPathInContext(request));
            carryOut(form, known, request, response, callback);
        } catch (Exception e) {
            refused = refused(e);
        } catch (StackOverflowError e) {
            refused = new RefusedException(Code.INVALID_ARGUMENT, "the request is nested too deeply", e);
        }
        counts.ended(caller, refused);
        if (refused != null) {
            form.refuse(refused, response, callback);
        }
        return true;
    }

    private void carryOut(Form form, DataCaller caller, Request request, Response response, Callback callback)
            throws Exception {
        caller.begin();
        boolean good = false;
        try {
            AtomicBoolean gone = new AtomicBoolean();
            request.addFailureListener(_ -> gone.set(true));
            Form.Asking asking = new Form.Asking(methods, caller, request, gone::get, answers);
            intake.read(request, caller, (body, room) -> form.answer(asking, body, room, response, callback));
            good = true;
        } finally {
            caller.end(good);
        }
    }

    private static void requirePost(Request request) {
        if (!HttpMethod.POST.is(request.getMethod()) && !AdminPath.isOne(Request.getPathInContext(request))) {
            throw new RefusedException(Code.INVALID_ARGUMENT, "methods are called by POST");
        }
    }

    /** What the caller is told; what is not its own fault is logged. */
    static RefusedException refused(Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return new RefusedException(Code.UNAVAILABLE, "the node is stopping", e);
        }
        if (e instanceof RefusedException refused) {
            if (refused.code() == Code.DATA_LOSS) {
                LOG.error("{}; see docs/datastore.md", refused.getMessage());
            }
            return refused;
        }
        LOG.error("a request failed", e);
        return new RefusedException(Code.INTERNAL, "internal error", e);
    }
}
