package com.espra.protoplex.files.vhostfiles;

import java.lang.annotation.Annotation;

/** What the feature says, for tests. */
@SuppressWarnings("BadAnnotationImplementation")
record FakeVhostFilesConfig(int maxAgeDays) implements VhostFilesConfig {

    @Override
    public Class<? extends Annotation> annotationType() {
        return VhostFilesConfig.class;
    }

    @Override
    public String[] protoplex_path() {
        return new String[] {"/"};
    }

    @Override
    public String[] protoplex_host() {
        return new String[] {"*"};
    }

    @Override
    public int namesMiB() {
        return 4;
    }
}
