package com.espra.protoplex.gogo;

import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEngine.GenerationStatus;
import com.espra.protoplex.api.swap.SwapEngine.Phase;
import com.espra.protoplex.api.swap.SwapEngine.SwapRecord;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapListener;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code swap:} the generations of this node, and how they came and went. */
@Component(service = SwapCommands.class)
@GogoCommand(
        scope = "swap",
        function = {"list", "history", "why", "watch", "__units"})
public final class SwapCommands {

    private static final int EVENTS_WAITING_MAX = 1024;

    private final BundleContext context;
    private final SwapEngine engine;

    /** @param engine this node's */
    @Activate
    public SwapCommands(BundleContext context, @Reference SwapEngine engine) {
        this.context = context;
        this.engine = engine;
    }

    /** The generations. */
    @Descriptor("the units of this node and their generations")
    public List<GenerationLine> list() {
        return engine.units().stream()
                .flatMap(unit -> unit.generations().stream().map(generation -> line(unit, generation)))
                .toList();
    }

    private static GenerationLine line(UnitStatus unit, GenerationStatus generation) {
        return new GenerationLine(
                unit.unit(),
                generation.version(),
                generation.id(),
                generation.phase(),
                generation.since(),
                generation.inFlight(),
                generation.served(),
                generation.routes());
    }

    /** The last swaps. */
    @Descriptor("the last swaps of this node, the newest first")
    public List<SwapLine> history() {
        return engine.history().stream().map(SwapCommands::line).toList();
    }

    /** The last swaps of a unit. */
    @Descriptor("the last swaps of a unit, the newest first")
    public List<SwapLine> history(@Descriptor("the unit") String unit) {
        return engine.history().stream()
                .filter(swap -> swap.unit().equals(unit))
                .map(SwapCommands::line)
                .toList();
    }

    private static SwapLine line(SwapRecord swap) {
        boolean done = swap.outcome().done();
        return new SwapLine(
                swap.time(),
                swap.unit(),
                swap.from().isEmpty() ? "-" : swap.from(),
                swap.to().isEmpty() ? "-" : swap.to(),
                done ? "done" : "failed at " + RecordFormat.text(swap.outcome().failedAt()),
                swap.outcome().flip(),
                swap.outcome().reason());
    }

    /** Why the last failed swap failed, or what holds a generation that was removed. */
    @Descriptor("why the last failed swap of a unit failed, or what holds a removed generation, step by step")
    public Object why(@Descriptor("the unit") String unit) {
        return engine.history().stream()
                .filter(swap -> swap.unit().equals(unit) && !swap.outcome().done())
                .findFirst()
                .<Object>map(SwapCommands::explain)
                .orElseGet(() ->
                        "no swap of " + unit + " has failed since this node started; 'swap:history' lists them all");
    }

    private static Why explain(SwapRecord swap) {
        List<StepLine> steps = swap.events().stream()
                .filter(event -> event.state() != SwapEvent.State.BEGUN)
                .map(event ->
                        new StepLine(event.step(), event.state(), event.elapsed(), event.version(), event.detail()))
                .toList();
        return new Why(
                swap.unit(),
                swap.from().isEmpty() ? "nothing" : swap.from(),
                swap.to().isEmpty() ? "nothing" : swap.to(),
                swap.time(),
                swap.outcome().failedAt(),
                swap.outcome().reason(),
                serving(swap),
                steps);
    }

    private static String serving(SwapRecord swap) {
        if (swap.outcome().failedAt() == Step.REMOVE) {
            return "as before: what is not gone takes no requests, and memory alone";
        }
        return swap.from().isEmpty() ? "nothing" : swap.from() + " serves on, untouched";
    }

    /** The steps of every swap, as they happen. */
    @Descriptor("the steps of swaps as they happen; Ctrl-C ends it")
    public void watch(
            CommandSession session,
            @Descriptor("end after so many swaps; 0 for never")
                    @Parameter(
                            names = {"-n", "--swaps"},
                            absentValue = "0")
                    int swaps,
            @Descriptor("of these units only; none for all") String... units)
            throws InterruptedException {
        List<String> wanted = List.of(units);
        BlockingQueue<SwapEvent> events = new ArrayBlockingQueue<>(EVENTS_WAITING_MAX);
        ServiceRegistration<SwapListener> registration = context.registerService(
                SwapListener.class,
                event -> {
                    // A reader that is too slow misses lines; the engine never waits for one.
                    if (wanted.isEmpty() || wanted.contains(event.unit())) {
                        boolean kept = events.offer(event);
                        assert kept || events.remainingCapacity() == 0;
                    }
                },
                null);
        try {
            show(events, session.getConsole(), swaps);
        } finally {
            registration.unregister();
        }
    }

    private static void show(BlockingQueue<SwapEvent> events, PrintStream out, int swaps) throws InterruptedException {
        for (int ended = 0; swaps == 0 || ended < swaps; ) {
            SwapEvent event = events.take();
            out.println(RecordFormat.text(event.time()) + "  " + event.unit() + " " + event.version() + "  "
                    + RecordFormat.text(event.step()) + " " + RecordFormat.text(event.state()) + "  "
                    + RecordFormat.text(event.elapsed()) + (event.detail().isEmpty() ? "" : "  " + event.detail()));
            out.flush();
            boolean flipped = event.step() == Step.FLIP && event.state() == SwapEvent.State.DONE;
            if (flipped || event.state() == SwapEvent.State.FAILED) {
                ended++;
            }
        }
    }

    /** The names of the units, for completion. */
    public List<String> __units() {
        return engine.units().stream().map(UnitStatus::unit).toList();
    }

    /** A line of {@code swap:list}. */
    public record GenerationLine(
            String unit,
            String version,
            String generation,
            Phase phase,
            Instant since,
            long inFlight,
            long served,
            List<String> routes) {}

    /** A line of {@code swap:history}. */
    public record SwapLine(
            Instant time, String unit, String from, String to, String result, Duration flip, String reason) {}

    /** What {@code swap:why} tells. */
    public record Why(
            String unit,
            String from,
            String to,
            Instant time,
            Step failedAt,
            String reason,
            String serving,
            List<StepLine> steps) {}

    /** A step of {@link Why}. */
    public record StepLine(Step step, SwapEvent.State state, Duration took, String version, String detail) {}
}
