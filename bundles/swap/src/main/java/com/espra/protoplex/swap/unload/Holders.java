package com.espra.protoplex.swap.unload;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Looks for what keeps class loaders alive, where the virtual machine lets itself be looked into. */
final class Holders {

    private static final int NAMED = 8;

    private Holders() {}

    /** For people: each holder and what to do about it. */
    static String of(List<ClassLoader> loaders, Set<String> packages) {
        List<String> holders = new ArrayList<>();
        for (Map.Entry<Thread, StackTraceElement[]> thread :
                Thread.getAllStackTraces().entrySet()) {
            held(thread.getKey(), thread.getValue(), loaders, packages).ifPresent(holders::add);
        }
        addBeans(holders, loaders);
        if (holders.isEmpty()) {
            return "no thread and no MBean holds it: look for a static field of the platform, a ThreadLocal, a shutdown hook or a"
                    + " virtual thread in a heap dump (jcmd PID GC.heap_dump FILE)";
        }
        int more = holders.size() - NAMED;
        return String.join("; ", holders.subList(0, Math.min(NAMED, holders.size())))
                + (more > 0 ? "; and " + more + " more" : "");
    }

    private static Optional<String> held(
            Thread thread, StackTraceElement[] stack, List<ClassLoader> loaders, Set<String> packages) {
        String name = "thread '" + thread.getName() + "'";
        if (loaders.contains(thread.getClass().getClassLoader())) {
            return Optional.of(
                    name + " (" + thread.getClass().getName() + ") still runs: end it when its bundle stops");
        }
        Optional<StackTraceElement> frame = Arrays.stream(stack)
                .filter(element -> packages.contains(packageOf(element.getClassName())))
                .findFirst();
        if (frame.isPresent()) {
            return Optional.of(name + " still runs " + frame.get() + ": end it when its bundle stops");
        }
        if (loaders.contains(thread.getContextClassLoader())) {
            return Optional.of(
                    name + " has the bundle's class loader as its context class loader: end it, or set another one");
        }
        return Optional.empty();
    }

    private static void addBeans(List<String> holders, List<ClassLoader> loaders) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName bean : server.queryNames(null, null)) {
            try {
                if (loaders.contains(server.getClassLoaderFor(bean))) {
                    holders.add("the MBean " + bean + " is still registered: unregister it when its bundle stops");
                }
            } catch (InstanceNotFoundException e) {
                // It went while we looked.
            }
        }
    }

    private static String packageOf(String className) {
        int dot = className.lastIndexOf('.');
        return dot < 0 ? "" : className.substring(0, dot);
    }
}
