package com.espra.protoplex.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Job;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/**
 * A Gogo session and the streams of its channel.
 *
 * @param gogo the session
 * @param terminal the pseudo-terminal that the client asked for
 * @param in what the client sends
 * @param out where results go
 * @param err where errors go
 */
record GogoSession(CommandSession gogo, @Nullable Terminal terminal, InputStream in, OutputStream out, OutputStream err) {

    GogoSession {
        gogo.put(Shell.VAR_SESSION, gogo);
        if (terminal != null) {
            gogo.put(Shell.VAR_TERMINAL, terminal);
            Terminal known = terminal;
            gogo.put("#TERM", (org.apache.felix.service.command.Function) (s, a) -> known.getType());
            gogo.put("#COLUMNS", (org.apache.felix.service.command.Function) (s, a) -> known.getWidth());
            gogo.put("#LINES", (org.apache.felix.service.command.Function) (s, a) -> known.getHeight());
        }
    }

    /**
     * Runs one line and prints its result, or why there is none.
     *
     * @return 0, or 1 if it threw, said so, or returned another number than 0
     */
    int execute(CharSequence line) throws IOException, InterruptedException {
        AtomicInteger error = new AtomicInteger();
        gogo.setJobListener((job, previous, current) -> {
            if (current == Job.Status.Done && job.parent() == null && job.result() != null) {
                error.set(job.result().error());
            }
        });
        try {
            Object result = gogo.execute(line);
            gogo.put(Shell.VAR_RESULT, result);
            if (result != null) {
                print(out, String.valueOf(gogo.format(result, Converter.INSPECT)));
            }
            boolean failed = error.get() != 0 || (result instanceof Integer status && status != 0);
            return failed ? GogoWork.FAILED : GogoWork.DONE;
        } catch (InterruptedException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            print(err, "interrupted");
        } catch (Exception e) {
            gogo.put(Shell.VAR_EXCEPTION, e);
            print(err, Failure.text(e));
        }
        return GogoWork.FAILED;
    }

    void print(OutputStream to, String text) throws IOException {
        to.write((text.endsWith("\n") ? text : text + "\n").getBytes(StandardCharsets.UTF_8));
        to.flush();
    }
}
