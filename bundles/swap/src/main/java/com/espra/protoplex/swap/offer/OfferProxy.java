package com.espra.protoplex.swap.offer;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What other units hold of a service that a unit offers. It knows the unit and the interface, and nothing of any generation. */
final class OfferProxy implements InvocationHandler {

    private final UnitOffers unit;
    private static final Object[] NONE = new Object[0];

    private final Class<?> type;

    /**
     * Reflection goes by native code on a node, for a quicker start (etc/jvm.options), and who waits below native code keeps the carrier of its
     * virtual thread: as many as there are processors would stop all requests.
     */
    private final Map<Method, MethodHandle> handles = new ConcurrentHashMap<>();

    private OfferProxy(UnitOffers unit, Class<?> type) {
        this.unit = unit;
        this.type = type;
    }

    /** @param type an interface of the platform or of the JDK */
    static Object of(UnitOffers unit, Class<?> type) {
        ClassLoader own = OfferProxy.class.getClassLoader();
        ClassLoader loader = type.getClassLoader() == null ? own : type.getClassLoader();
        return Proxy.newProxyInstance(loader, new Class<?>[] {type}, new OfferProxy(unit, type));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return own(proxy, method.getName(), arguments);
        }
        return unit.call(type, handle(method), arguments == null ? NONE : arguments);
    }

    private MethodHandle handle(Method method) throws IllegalAccessException {
        MethodHandle known = handles.get(method);
        if (known == null) {
            known = MethodHandles.publicLookup()
                    .unreflect(method)
                    .asSpreader(Object[].class, method.getParameterCount())
                    .asType(MethodType.methodType(Object.class, Object.class, Object[].class));
            handles.put(method, known);
        }
        return known;
    }

    /** What it is does not change when the generation does. */
    @SuppressWarnings("ReferenceEquality") // A proxy equals itself alone, as an object does.
    private Object own(Object proxy, String method, @Nullable Object @Nullable [] arguments) {
        return switch (method) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> type.getName() + " of " + unit.name();
        };
    }
}
