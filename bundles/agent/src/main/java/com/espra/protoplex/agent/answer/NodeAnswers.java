package com.espra.protoplex.agent.answer;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what the Seed asks for. It tells; it changes nothing that runs: a Seed that was taken over must not have a node do what it likes. */
public final class NodeAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(NodeAnswers.class);

    private final LogTail log;
    private final Function<LinkFrame.Ask, LinkFrame.Answer> rehearsal;

    /**
     * @param logs the folder of the node's logs
     * @param rehearsal answers whether a release could be installed
     */
    public NodeAnswers(Path logs, Function<LinkFrame.Ask, LinkFrame.Answer> rehearsal) {
        this.log = new LogTail(logs);
        this.rehearsal = rehearsal;
    }

    /** The answer; it may read files, and fetch a build. */
    public LinkFrame.Answer of(LinkFrame.Ask question) {
        try {
            if (question.what().equals(LinkFrame.Ask.REHEARSAL)) {
                return rehearsal.apply(question);
            }
            if (!question.what().equals(LinkFrame.Ask.LOG)) {
                return LinkFrame.Answer.failed(question.id(), "it does not know what '" + question.what() + "' is");
            }
            LogTail.Read read = log.read(
                    question.with().getOrDefault("cursor", ""),
                    Boolean.parseBoolean(question.with().get("access")));
            return new LinkFrame.Answer(question.id(), "", read.cursor(), read.parts());
        } catch (IOException | RuntimeException e) {
            LOG.warn("what the Seed asks for cannot be told", e);
            return LinkFrame.Answer.failed(question.id(), e.toString());
        }
    }
}
