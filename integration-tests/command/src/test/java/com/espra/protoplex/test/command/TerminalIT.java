package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;

/** What happens at a keyboard: the command on a real terminal, which sends signals and edits lines. */
public class TerminalIT {

    private static final String PROMPT = "node-1> ";

    @Rule
    public final SharedFleet shared = new SharedFleet();

    private final Fleet fleet = shared.fleet;

    @Test
    public void ctrlCStopsTheFleetAndLeavesNoProcess() throws Exception {
        fleet.run("down").succeeded();
        try (Terminal terminal = fleet.terminal("up", "--port-offset", Integer.toString(fleet.port(0)))) {
            terminal.awaitText("Ctrl-C stops the fleet");
            long node = fleet.pid("node-1");
            assertTrue(Fleet.isRunning(node));

            terminal.type(Terminal.CTRL_C);

            assertEquals(terminal.toString(), 0, terminal.exitStatus());
            assertTrue(terminal.toString(), terminal.text().contains("The fleet has stopped."));
            assertFalse("the node is gone", Fleet.isRunning(node));
        }
        fleet.run("status").failedWith(3);
    }

    @Test
    public void aPushToATerminalDrawsABar() throws Exception {
        Path jar = Apps.app("bar", "1.0.0").build(fleet.root());
        try (Terminal terminal = fleet.terminal("push", jar.toString())) {
            assertEquals(terminal.toString(), 0, terminal.exitStatus());
            assertTrue(terminal.toString(), terminal.text().contains("\r"));
            assertTrue(terminal.toString(), terminal.text().contains("serves on 1 of 1 nodes"));
        }
    }

    @Test
    public void theShellPromptsCompletesAndEndsAtCtrlD() throws Exception {
        Path greeter = Apps.app("greeter", "1.0.0").source("""
                        package com.example.greeter;

                        import org.osgi.service.component.annotations.Component;

                        @Component(
                                service = Greet.class,
                                property = {"osgi.command.scope=greeter", "osgi.command.function=salute"})
                        public class Greet {
                            public String salute(String whom) {
                                return "hi " + whom;
                            }
                        }
                        """).build(fleet.root());
        fleet.run("push", greeter.toString()).succeeded();
        try (Terminal terminal = fleet.terminal("shell", "node-1")) {
            terminal.awaitText(PROMPT);
            terminal.type("swap:hist" + Terminal.TAB);
            terminal.awaitText("swap:history");
            terminal.type(Terminal.CTRL_U);

            terminal.type("greeter:sal" + Terminal.TAB);
            terminal.awaitText("greeter:salute");
            terminal.type(" you" + Terminal.ENTER);
            terminal.awaitText("hi you");

            terminal.type("echo one-$(echo two)" + Terminal.ENTER);
            terminal.awaitText("one-two");

            terminal.type(Terminal.CTRL_D);
            assertEquals(terminal.toString(), 0, terminal.exitStatus());
        }
        assertTrue("the node goes on", Fleet.isRunning(fleet.pid("node-1")));
        fleet.run("remove", "greeter").succeeded();
    }

    @Test
    public void ctrlCInTheShellEndsTheLineAndNotTheSession() throws Exception {
        try (Terminal terminal = fleet.terminal("shell", "node-1")) {
            terminal.awaitText(PROMPT);
            terminal.type("echo half a li");
            int typed = terminal.awaitText("half a li", 0);
            terminal.type(Terminal.CTRL_C);
            terminal.awaitText(PROMPT, typed);
            terminal.type("echo still-$(echo here)" + Terminal.ENTER);
            terminal.awaitText("still-here");
            terminal.type(Terminal.CTRL_D);
            assertEquals(terminal.toString(), 0, terminal.exitStatus());
        }
    }
}
