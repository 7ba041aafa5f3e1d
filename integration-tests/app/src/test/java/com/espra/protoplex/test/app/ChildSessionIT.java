package com.espra.protoplex.test.app;

import com.espra.protoplex.test.support.FelixOptions;

/** The same of a process that shares its sessions with others. */
public class ChildSessionIT extends SessionIT {

    @Override
    protected FelixOptions options(FelixOptions options) {
        return super.options(options).property("protoplex.process", "child");
    }
}
