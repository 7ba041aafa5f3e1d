package com.espra.protoplex.datastore.server;

import com.espra.protoplex.api.http.HandlerProperties;
import com.espra.protoplex.datastore.model.RefusedException;
import com.google.rpc.Code;
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
        property = {HandlerProperties.PATH + "=/v1/projects/*", HandlerProperties.PATH + "=" + GrpcForm.PATH + "*"})
public final class DatastoreHandler extends Handler.Abstract {

    private static final Logger LOG = LoggerFactory.getLogger(DatastoreHandler.class);

    private final Methods methods;
    private final TokenCheck access;
    private final Intake intake = new Intake();

    /** While the store is open. */
    @Activate
    public DatastoreHandler(@Reference OpenStore open) {
        methods = new Methods(open.service());
        access = open.access();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Form form = Form.of(request);
        try {
            requirePost(request);
            access.check(request);
            intake.read(request, body -> form.answer(methods, request, body, response, callback));
        } catch (Exception e) {
            form.refuse(refused(e), response, callback);
        } catch (StackOverflowError e) {
            form.refuse(
                    new RefusedException(Code.INVALID_ARGUMENT, "the request is nested too deeply", e),
                    response,
                    callback);
        }
        return true;
    }

    private static void requirePost(Request request) {
        if (!HttpMethod.POST.is(request.getMethod())) {
            throw new RefusedException(Code.INVALID_ARGUMENT, "methods are called by POST");
        }
    }

    private static RefusedException refused(Exception e) {
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
