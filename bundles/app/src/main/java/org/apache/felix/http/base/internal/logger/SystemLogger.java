package org.apache.felix.http.base.internal.logger;

import com.espra.protoplex.app.whiteboard.FailureCauses;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of the whiteboard library, in place of its own class of this name: it also keeps the exceptions by which services failed,
 * for the messages of a swap. The library formats the message of a service's failure right before it logs the exception, on
 * the same thread.
 */
public final class SystemLogger {

    /** Where the library logs. */
    public static final Logger LOGGER = keepingCauses(LoggerFactory.getLogger("org.apache.felix.http"));

    private static final ThreadLocal<@Nullable Long> SUBJECT = new ThreadLocal<>();

    private SystemLogger() {}

    /** The message, with the service that it is about. */
    public static String formatMessage(@Nullable ServiceReference<?> reference, String message) {
        if (reference == null) {
            SUBJECT.remove();
            return message;
        }
        SUBJECT.set((Long) reference.getProperty(Constants.SERVICE_ID));
        Bundle bundle = reference.getBundle();
        return (bundle == null ? "a stopped bundle" : bundle.getSymbolicName() + " " + bundle.getVersion())
                + ", service "
                + Arrays.toString((Object[]) reference.getProperty(Constants.OBJECTCLASS)) + " "
                + reference.getProperty(Constants.SERVICE_ID) + ": " + message;
    }

    private static Logger keepingCauses(Logger logger) {
        return (Logger) Proxy.newProxyInstance(
                SystemLogger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("error")) {
                        keepCause(arguments);
                    }
                    try {
                        return method.invoke(logger, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getTargetException();
                    }
                });
    }

    private static void keepCause(Object[] arguments) {
        Long subject = SUBJECT.get();
        SUBJECT.remove();
        if (subject != null && arguments[arguments.length - 1] instanceof Throwable cause) {
            FailureCauses.keep(subject, cause);
        }
    }
}
