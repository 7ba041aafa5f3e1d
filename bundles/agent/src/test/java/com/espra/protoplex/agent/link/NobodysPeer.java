package com.espra.protoplex.agent.link;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.util.List;

/** A node that is never asked anything: its link does not come to be. */
final class NobodysPeer implements Link.Peer {

    @Override
    public LinkFrame.Hello hello() {
        throw new AssertionError("there is nobody to greet");
    }

    @Override
    public LinkFrame.Actual actual() {
        throw new AssertionError("there is nobody to tell");
    }

    @Override
    public List<LinkFrame.Result> results() {
        return List.of();
    }

    @Override
    public void desired(LinkFrame.Desired desired) {}

    @Override
    public void directory(LinkFrame.Directory part) {}

    @Override
    public void revoked(LinkFrame.Revoked revoked) {}

    @Override
    public void standing(LinkFrame.Standing standing) {}

    @Override
    public void ask(LinkFrame.Ask question) {}

    @Override
    public void upgrade(LinkFrame.Upgrade upgrade) {}
}
