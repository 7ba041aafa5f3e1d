package com.espra.protoplex.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Job;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/** A Gogo session and the streams of its channel. */
final class GogoSession {

    private final CommandSession gogo;
    private final @Nullable Terminal terminal;
    private final InputStream in;
    private final OutputStream out;
    private final OutputStream err;

    private volatile @Nullable FutureTask<@Nullable Object> running;

    /**
     * @param gogo the session
     * @param terminal the pseudo-terminal that the client asked for
     * @param in what the client sends
     * @param out where results go
     * @param err where errors go
     */
    GogoSession(CommandSession gogo, @Nullable Terminal terminal, InputStream in, OutputStream out, OutputStream err) {
        this.gogo = gogo;
        this.terminal = terminal;
        this.in = in;
        this.out = out;
        this.err = err;
        gogo.put(Shell.VAR_SESSION, gogo);
        // Felix's own commands have a help, cat and ls too: the language's come first.
        gogo.put(Shell.VAR_SCOPE, "gogo:*");
        if (terminal == null) {
            // Gogo takes every end of a pipe for a terminal, and would colour what a program reads.
            gogo.put("GREP_COLORS", "rs=0");
            gogo.put("LS_COLORS", "rs=0");
        } else {
            gogo.put(Shell.VAR_TERMINAL, terminal);
            gogo.put("#TERM", (Function) (s, a) -> terminal.getType());
            gogo.put("#COLUMNS", (Function) (s, a) -> terminal.getWidth());
            gogo.put("#LINES", (Function) (s, a) -> terminal.getHeight());
        }
    }

    CommandSession gogo() {
        return gogo;
    }

    @Nullable
    Terminal terminal() {
        return terminal;
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    OutputStream err() {
        return err;
    }

    /**
     * Runs one line and prints its result, or why there is none.
     *
     * @return 0, or 1 if it threw, said so, or returned another number than 0
     */
    int execute(CharSequence line) throws IOException {
        AtomicInteger error = new AtomicInteger();
        gogo.setJobListener((job, previous, current) -> {
            if (current == Job.Status.Done && job.parent() == null && job.result() != null) {
                error.set(job.result().error());
            }
        });
        try {
            Object result = call(line);
            gogo.put(Shell.VAR_RESULT, result);
            if (result != null) {
                print(out, String.valueOf(gogo.format(result, Converter.INSPECT)));
            }
            boolean failed = error.get() != 0 || (result instanceof Integer status && status != 0);
            return failed ? GogoWork.FAILED : GogoWork.DONE;
        } catch (InterruptedException | CancellationException e) {
            print(err, "interrupted");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            gogo.put(Shell.VAR_EXCEPTION, cause);
            print(err, Failure.text(cause));
        }
        return GogoWork.FAILED;
    }

    /** On a thread of its own, so that an interrupt gives the prompt back, whatever the command does with it. */
    private @Nullable Object call(CharSequence line) throws InterruptedException, ExecutionException {
        FutureTask<@Nullable Object> task = new FutureTask<>(() -> gogo.execute(line));
        running = task;
        try {
            Thread.ofPlatform().daemon().name("shell line").start(task);
            return task.get();
        } finally {
            running = null;
        }
    }

    /**
     * Ends what runs now, and never blocks. The wait for the line is ended first: a Gogo job that is cancelled before it has begun leaves
     * the one who waits for it waiting. The jobs are told on another thread, because Gogo's locks are held while a job starts.
     */
    void interrupt() {
        FutureTask<@Nullable Object> task = running;
        if (task == null) {
            return;
        }
        task.cancel(true);
        Thread.ofPlatform().daemon().name("shell interrupt").start(() -> {
            // It is Gogo's own list, which changes meanwhile.
            for (Job job : gogo.jobs().toArray(Job[]::new)) {
                if (job != null && job.status() == Job.Status.Foreground) {
                    job.interrupt();
                }
            }
        });
    }

    void print(OutputStream to, String text) throws IOException {
        to.write((text.endsWith("\n") ? text : text + "\n").getBytes(StandardCharsets.UTF_8));
        to.flush();
    }
}
