package com.espra.protoplex.gogo;

import com.espra.protoplex.peer.Peer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** {@code node:} the processes of a node that has several, as its host knows them. */
@Component(service = ChildrenCommands.class)
@GogoCommand(
        scope = "node",
        function = {"children", "crashes"})
public final class ChildrenCommands {

    private static final long PATIENCE_SECONDS = 10;
    private static final long MIB = 1024 * 1024;

    @Reference(
            target = "(" + Peer.NAME + "=" + Peer.HOST + ")",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable Peer host;

    /** For Declarative Services. */
    public ChildrenCommands() {}

    ChildrenCommands(Peer host) {
        this.host = host;
    }

    /** The children. */
    @Descriptor("the children of this node: what each of them is doing, and what it uses")
    public Family children() throws IOException, InterruptedException {
        Map<String, Object> answer = ask("children");
        Instant now = Instant.now();
        return new Family(
                text(answer, "health").toLowerCase(Locale.ROOT),
                text(answer, "reason"),
                maps(answer, "children").stream()
                        .map(child -> new ChildLine(
                                text(child, "id"),
                                text(child, "group"),
                                text(child, "phase").toLowerCase(Locale.ROOT),
                                number(child, "pid"),
                                number(child, "revision"),
                                number(child, "residentBytes") / MIB,
                                Duration.between(Instant.ofEpochMilli(number(child, "startedMillis")), now),
                                number(child, "restarts")))
                        .toList());
    }

    /** The crashes. */
    @Descriptor("children that ended without being told to, the newest first, and why")
    public List<CrashLine> crashes() throws IOException, InterruptedException {
        return maps(ask("crashes"), "crashes").stream()
                .map(crash -> new CrashLine(
                        Instant.ofEpochMilli(number(crash, "endedMillis")),
                        text(crash, "child"),
                        number(crash, "pid"),
                        Duration.ofMillis(number(crash, "uptimeMillis")),
                        text(crash, "reason"),
                        text(crash, "evidence")))
                .toList();
    }

    /** One crash, in full. */
    @Descriptor("the last crash of a child: its last lines, and the files that it left")
    public String crashes(@Descriptor("its id, as node:crashes lists it") String child)
            throws IOException, InterruptedException {
        return maps(ask("crashes"), "crashes").stream()
                .filter(crash -> text(crash, "child").equals(child))
                .findFirst()
                .map(crash -> text(crash, "reason")
                        + "\n\n" + String.join("\n", texts(crash, "lastLines"))
                        + "\n\n" + String.join("\n", texts(crash, "files")))
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no report of a crash of '" + child + "'; 'node:crashes' lists those that there are"));
    }

    private Map<String, Object> ask(String topic) throws IOException, InterruptedException {
        var control = host;
        if (control == null) {
            throw new IOException("this node is one process: it has no children");
        }
        try {
            return control.ask(topic, Map.of()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException("the host does not tell: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException("the host has not answered within " + PATIENCE_SECONDS + " s", e);
        }
    }

    @SuppressWarnings("unchecked") // what the host tells are JSON objects
    private static List<Map<String, Object>> maps(Map<String, Object> answer, String name) {
        return answer.get(name) instanceof List<?> list ? (List<Map<String, Object>>) list : List.of();
    }

    private static List<String> texts(Map<String, Object> answer, String name) {
        return answer.get(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static String text(Map<String, Object> answer, String name) {
        return answer.get(name) instanceof String text ? text : "";
    }

    private static long number(Map<String, Object> answer, String name) {
        return answer.get(name) instanceof Number number ? number.longValue() : 0;
    }

    /** What {@code node:children} tells. */
    public record Family(String health, String reason, List<ChildLine> children) {}

    /** A line of {@link Family}. */
    public record ChildLine(
            String child,
            String group,
            String phase,
            long pid,
            long revision,
            long residentMiB,
            Duration up,
            long restarts) {}

    /** A line of {@code node:crashes}; the evidence is its heap dump, or the JVM's error file. */
    public record CrashLine(Instant ended, String child, long pid, Duration up, String reason, String evidence) {}
}
