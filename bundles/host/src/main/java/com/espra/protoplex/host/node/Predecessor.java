package com.espra.protoplex.host.node;

import com.espra.protoplex.host.process.control.ControlChannel;
import com.espra.protoplex.host.process.control.ControlFrame;
import com.espra.protoplex.host.process.control.ParentLink;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parent that this one takes over from: it waits to hear that this one serves, and goes on itself if it does not. */
final class Predecessor {

    /** The variable that names its process. */
    static final String PROCESS = "PREDECESSOR";

    private static final Logger LOG = LoggerFactory.getLogger(Predecessor.class);

    private final ParentLink link;

    private Predecessor(ParentLink link) {
        this.link = link;
    }

    /** The one that started this process as its successor, if one did. */
    static Optional<Predecessor> of(Map<String, String> environment) {
        return ParentLink.of(environment).map(Predecessor::new);
    }

    /** Its process, whose children are still its own. */
    static OptionalLong process(Map<String, String> environment) {
        String pid = environment.getOrDefault(PROCESS, "");
        return pid.matches("[0-9]{1,10}") ? OptionalLong.of(Long.parseLong(pid)) : OptionalLong.empty();
    }

    /**
     * Says that this process serves.
     *
     * @return whether it could be said: if not, the predecessor ends this process, or has ended itself
     */
    boolean relieve() {
        try {
            ControlChannel channel = link.connect(new ControlChannel.Receiver() {
                @Override
                public void received(ControlChannel from, ControlFrame frame) throws IOException {
                    throw new IOException("a predecessor does not say " + frame);
                }

                @Override
                public void ended(ControlChannel from, String reason) {
                    LOG.info("The predecessor has heard that this process serves");
                }
            });
            channel.open();
            channel.send(new ControlFrame.Serving());
            return true;
        } catch (IOException e) {
            LOG.error("The predecessor cannot be told that this process serves, and ends it, if it still runs", e);
            return false;
        }
    }
}
