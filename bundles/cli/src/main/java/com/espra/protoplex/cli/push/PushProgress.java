package com.espra.protoplex.cli.push;

import com.espra.protoplex.cli.Console;
import com.fasterxml.jackson.databind.JsonNode;

/** Shows how far a push is. */
public interface PushProgress {

    /** The one that fits the console: a bar on a terminal, lines otherwise. */
    static PushProgress on(Console console) {
        return console.terminal() ? new BarProgress(console) : new LineProgress(console);
    }

    /** One that shows nothing. */
    static PushProgress silent() {
        return new PushProgress() {
            @Override
            public void upload(String name, long sent, long total) {}

            @Override
            public void step(JsonNode event) {}

            @Override
            public void end() {}
        };
    }

    /**
     * A file goes to the Seed.
     *
     * @param name the file's name
     * @param sent bytes of the whole build that are there
     * @param total bytes of the whole build
     */
    void upload(String name, long sent, long total);

    /** A step on a node: an event of the Seed's API. */
    void step(JsonNode event);

    /** Nothing more follows; whatever is printed next starts on a line of its own. */
    void end();
}
