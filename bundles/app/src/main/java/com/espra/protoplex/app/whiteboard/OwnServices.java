package com.espra.protoplex.app.whiteboard;

import com.espra.protoplex.api.swap.Generation;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;

/**
 * A bundle context that finds the services of one generation and no others. The generation's own context finds the platform's
 * too, and a platform service that happens to be a servlet must not show up in an app. What we register for the generation ourselves
 * is not its own either: {@link #OURS}.
 */
final class OwnServices implements InvocationHandler {

    /** Service property: it is not of the app, and the whiteboard does not describe it. */
    static final String OURS = "protoplex.whiteboard";

    /** Its value where the whiteboard does not use it either. */
    static final String FOR_APPS = "for apps";

    /** The whiteboard tells of its changes through a timer thread unless this is 0, and two seconds late. */
    private static final String CHANGE_COUNT_DELAY = "org.apache.felix.http.whiteboard.changecount.delay";

    private final Generation generation;
    private final BundleContext context;
    private final Map<ServiceListener, ServiceListener> listeners = new ConcurrentHashMap<>();

    private OwnServices(Generation generation) {
        this.generation = generation;
        this.context = generation.context();
    }

    static BundleContext of(Generation generation) {
        return (BundleContext) Proxy.newProxyInstance(
                OwnServices.class.getClassLoader(), new Class<?>[] {BundleContext.class}, new OwnServices(generation));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given) throws Throwable {
        Object[] arguments = given == null ? new Object[0] : given;
        return switch (method.getName()) {
            case "getProperty" -> CHANGE_COUNT_DELAY.equals(arguments[0]) ? "0" : call(method, arguments);
            case "addServiceListener" -> {
                Object[] filtered = arguments.clone();
                filtered[0] = listeners.computeIfAbsent((ServiceListener) arguments[0], this::own);
                yield call(method, filtered);
            }
            case "removeServiceListener" -> {
                ServiceListener added = listeners.remove((ServiceListener) arguments[0]);
                yield added == null ? null : call(method, new Object[] {added});
            }
            case "registerService" -> {
                Object[] filtered = arguments.clone();
                if (arguments[1] instanceof HttpServiceRuntime runtime) {
                    filtered[1] = new AppRuntime(runtime, generation.context());
                }
                yield call(method, filtered);
            }
            default -> own(call(method, arguments));
        };
    }

    private boolean owns(ServiceReference<?> reference) {
        return generation.owns(reference) && !FOR_APPS.equals(reference.getProperty(OURS));
    }

    private @Nullable Object call(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(context, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getTargetException();
        }
    }

    private @Nullable Object own(@Nullable Object found) {
        if (found instanceof ServiceReference<?> one) {
            return owns(one) ? one : null;
        }
        if (found instanceof ServiceReference<?>[] several) {
            ServiceReference<?>[] own =
                    Arrays.stream(several).filter(this::owns).toArray(ServiceReference<?>[]::new);
            return own.length == 0 ? null : own;
        }
        if (found instanceof Collection<?> references) {
            return references.stream()
                    .filter(each -> !(each instanceof ServiceReference<?> reference) || owns(reference))
                    .toList();
        }
        return found;
    }

    private ServiceListener own(ServiceListener listener) {
        return (ServiceEvent event) -> {
            if (owns(event.getServiceReference())) {
                listener.serviceChanged(event);
            }
        };
    }
}
