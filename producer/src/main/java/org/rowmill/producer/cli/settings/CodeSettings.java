package org.rowmill.producer.cli.settings;

import java.util.ArrayList;
import java.util.List;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.schemas.WrongInput;
import picocli.CommandLine.Option;

/** Options of {@code run}: where the sources of the project are, and how they are compiled. */
public final class CodeSettings {

    @Option(
            names = "--sources",
            paramLabel = "DIR",
            split = "\\s*,\\s*",
            splitSynopsisLabel = ",",
            description = "directories whose Java files are sources, relative to the project; . stands for the default:"
                    + " files at the top, in directories that match their package lines, and in src/main/java")
    private List<ProjectPath> sources = new ArrayList<>();

    @Option(
            names = "--release",
            paramLabel = "N",
            defaultValue = "17",
            description = "Java version of the sources: what they may use, and what a computer needs at least"
                    + " (default: ${DEFAULT-VALUE})")
    private int release;

    /** Created by picocli. */
    CodeSettings() {}

    /**
     * Returns the options.
     *
     * @throws WrongInput if this Java cannot compile for the release
     */
    public RunOptions.Code options() {
        int own = Runtime.version().feature();
        if (release < RunOptions.Code.OLDEST_RELEASE) {
            throw new WrongInput("--release: expected " + RunOptions.Code.OLDEST_RELEASE + " or more, not " + release);
        }
        if (release > own) {
            throw new WrongInput("--release " + release + ": this computer runs Java " + own
                    + ", which cannot compile for a newer Java. Run producer.jar with JDK " + release + " or newer");
        }
        return new RunOptions.Code(sources.stream().map(ProjectPath::path).toList(), release);
    }
}
