using AIX.Core.Scoring.Features;
using AIX.Core.Scoring.Models;

namespace AIX.Core.Scoring.Training;

/// <summary>Fits the one family that was asked for, without comparison; its interval comes from a logistic posterior beside it.</summary>
internal static class SingleTrainer
{
    /// <summary>Null when there is no such family.</summary>
    public static AutoResult? Run(LabelledRows data, TrainingOptions options)
    {
        LogisticModel Reference(LogisticBasis basis) => new LogisticFamily(ModelTrainer.Logistic, basis, options.Priors).Tune(data, options.Seed, true).Posterior(data, true);
        var family = FamilyOf(options);
        if (family is null && options.Model is not (ModelTrainer.Logistic or ModelTrainer.Splines or ModelTrainer.Process))
        {
            return null;
        }

        var reference = Reference(options.Model switch
        {
            ModelTrainer.Splines => LogisticBasis.Splines,
            ModelTrainer.Process => LogisticBasis.Kernel,
            _ => LogisticBasis.Linear,
        });
        var model = family?.Fit(data, options.Seed, true) ?? reference;
        return new AutoResult(model, options.Model, new IdentityCalibrator(), IntervalModel.Of(reference, [], null, data.Rows, 0), [], double.PositiveInfinity, [(options.Model, 1)]);
    }

    private static IModelFamily? FamilyOf(TrainingOptions options) => options.Model switch
    {
        ModelTrainer.Boosting => new BoostingFamily(ModelTrainer.Boosting, new BoostingOptions { RowShare = 0.7, FeatureShare = 0.6, MinLeafRows = 40, Monotone = options.Monotone }),
        ModelTrainer.Network => new NetworkFamily(ModelTrainer.Network, new NetworkOptions { Dropout = 0.2, WeightDecay = 0.2 }),
        ModelTrainer.NaiveBayes => new NaiveBayesFamily(ModelTrainer.NaiveBayes, options.Priors.ToDictionary(p => p.Key, p => p.Value.Weight)),
        ModelTrainer.Svm => new LinearSvmFamily(ModelTrainer.Svm, 0.1),
        _ => null,
    };
}
