package org.rowmill.producer.run;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.project.Project;
import org.rowmill.producer.rundir.RunId;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.cluster.ClusterCsv;
import org.rowmill.schemas.cluster.ClusterNode;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.world.World;

/**
 * What one run computes, and what all parts of the run share.
 *
 * @param id the run id
 * @param project the project
 * @param options the options
 * @param nodes the other computers in the cluster file when the run starts
 * @param codec encodes the messages of the run
 * @param world what consumers find around them
 * @param stop ends the run early
 * @param console prints messages to the user
 */
record RunJob(
        String id,
        Project project,
        RunOptions options,
        List<ClusterNode> nodes,
        MessageCodec codec,
        World world,
        StopSignal stop,
        Console console) {

    RunJob {
        nodes = List.copyOf(nodes);
    }

    /**
     * Gives the run an id and reads the cluster file.
     *
     * @throws WrongInput if the cluster file is invalid
     */
    static RunJob of(Project project, RunOptions options, Console console) {
        String id = RunId.next(Clock.systemUTC(), ThreadLocalRandom.current());
        List<ClusterNode> nodes = options.compute()
                .cluster()
                .map(cluster -> ClusterCsv.read(cluster.csv()))
                .orElse(List.of());
        MessageCodec codec = new MessageCodec(
                id, project.tables().stream().map(TableModel::schema).toList());
        World world = World.of(System.getenv(), options.environment());
        return new RunJob(id, project, options, nodes, codec, world, new StopSignal(), console);
    }
}
