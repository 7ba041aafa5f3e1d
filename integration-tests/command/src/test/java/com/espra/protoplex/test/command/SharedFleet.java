package com.espra.protoplex.test.command;

import org.junit.rules.ExternalResource;

/**
 * The fleet of all tests that need none of their own. It is started for the first of them and ends with this JVM; whoever stops it, or
 * finds it stopped, starts it. What a test pushes has a name of its own, or is removed.
 */
final class SharedFleet extends ExternalResource {

    private static final Fleet FLEET = new Fleet();
    private static boolean made;

    final Fleet fleet = FLEET;

    @Override
    protected void before() throws Exception {
        if (!made) {
            FLEET.before();
            // Where the JVM is about to end there may be no time for a command.
            Runtime.getRuntime().addShutdownHook(new Thread(FLEET::end));
            made = true;
        }
        if (!FLEET.isUp()) {
            FLEET.up();
        }
    }
}
