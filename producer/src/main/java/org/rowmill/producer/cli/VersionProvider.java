package org.rowmill.producer.cli;

import org.rowmill.schemas.Versions;
import picocli.CommandLine.IVersionProvider;

/** Makes the output of {@code --version}. */
final class VersionProvider implements IVersionProvider {

    /** Created by picocli. */
    VersionProvider() {}

    @Override
    public String[] getVersion() {
        return new String[] {
            "Rowmill " + Versions.rowmill(),
            "Artemis " + Versions.artemis(),
            "JDK " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"
        };
    }
}
