package com.espra.protoplex.proxy.server.peer;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.CallHeaders;
import com.espra.protoplex.api.call.CallOrigin;
import com.espra.protoplex.api.call.FleetCalls;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.api.node.Node;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The proxies of the other nodes. */
@Component(service = OtherProxies.class)
public final class OtherProxies {

    private static final String ROLE = "proxy";
    private static final int MOST_AT_ONCE = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Node node;
    private final Directory directory;
    private final FleetCalls calls;

    /**
     * Asks nobody yet.
     *
     * @param node this one, which is not told
     */
    @Activate
    public OtherProxies(@Reference Node node, @Reference Directory directory, @Reference FleetCalls calls) {
        this.node = node;
        this.directory = directory;
        this.calls = calls;
    }

    /**
     * Tells all at once, and waits for their answers, for at most five seconds each, 32 at a time.
     *
     * @return what became of it at each, a line a node, by name
     */
    public List<String> tell(GateOrder order) throws InterruptedException {
        Optional<FleetSnapshot> known = directory.snapshot();
        if (known.isEmpty()) {
            return List.of("which other proxies there are is not known: this node has not heard of its fleet yet");
        }
        List<Callable<String>> asked = known.get().withRole(ROLE).stream()
                .filter(each -> !each.name().equals(node.name()))
                .<Callable<String>>map(each -> () -> each.name() + ": " + tell(each, order))
                .toList();
        List<String> lines = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(Math.clamp(asked.size(), 1, MOST_AT_ONCE))) {
            for (Future<String> answer : threads.invokeAll(asked)) {
                lines.add(answer.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return lines;
    }

    private String tell(FleetNode other, GateOrder order) throws InterruptedException {
        FleetRequest request = new FleetRequest(
                "PUT",
                GateOrder.PATH,
                CallHeaders.NONE,
                order.text().getBytes(StandardCharsets.UTF_8),
                PATIENCE,
                CallOrigin.HERE);
        try {
            FleetResponse answer = calls.call(ROLE, other.name(), request);
            return answer.isSuccess() || answer.status() == 409
                    ? answer.text()
                    : "not done (" + answer.status() + ": " + answer.text() + ")";
        } catch (CallFailedException | RuntimeException e) {
            return "NOT DONE, say it there: " + e.getMessage();
        }
    }
}
