package com.espra.protoplex.datastore.server;

import com.espra.protoplex.api.http.HandlerProperties;
import com.espra.protoplex.datastore.model.Clearing;
import com.espra.protoplex.datastore.model.RefusedException;
import com.espra.protoplex.datastore.server.access.DataCaller;
import com.espra.protoplex.datastore.server.access.DataScope;
import com.google.rpc.Code;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** {@code POST /reset}, as Google's emulator has it, where the role is for development. Elsewhere there is no such route. */
@Component(
        service = {},
        immediate = true)
public final class DevelopmentRoutes {

    private final @Nullable ServiceRegistration<Handler> registration;

    /** While the store is open. */
    @Activate
    public DevelopmentRoutes(BundleContext context, @Reference OpenStore open) {
        registration = open.access().isDevelopment()
                ? context.registerService(
                        Handler.class,
                        new Reset(open),
                        FrameworkUtil.asDictionary(Map.of(HandlerProperties.PATH, "/reset")))
                : null;
    }

    @Deactivate
    void close() {
        if (registration != null) {
            registration.unregister();
        }
    }

    /** Deletes everything, of all projects. */
    static final class Reset extends Handler.Abstract {
        private final OpenStore open;
        private final Semaphore one = new Semaphore(1);

        Reset(OpenStore open) {
            this.open = open;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            HttpForm form = new HttpForm("application/json");
            try {
                DataCaller caller = open.access().check(request);
                if (!HttpMethod.POST.is(request.getMethod())) {
                    throw new RefusedException(Code.INVALID_ARGUMENT, "a reset is asked for by POST");
                }
                if (!caller.scope().equals(DataScope.ALL)) {
                    throw new RefusedException(Code.PERMISSION_DENIED, "a reset needs a token that may all");
                }
                clear(caller);
                response.setStatus(200);
                callback.succeeded();
            } catch (Exception e) {
                form.refuse(DatastoreHandler.refused(e), response, callback);
            }
            return true;
        }

        private void clear(DataCaller caller) {
            if (!one.tryAcquire()) {
                throw new RefusedException(Code.UNAVAILABLE, "another reset is under way: try again when it is over");
            }
            try {
                caller.begin();
                boolean good = false;
                try {
                    new Clearing(open.store(), open.service().indexes()).all();
                    good = true;
                } finally {
                    caller.end(good);
                }
            } finally {
                one.release();
            }
        }
    }
}
