// One topic with a key, one mail address, N alarms: node app.js cdk|constructs COUNT
const { App, Stack } = require("aws-cdk-lib");
const cloudwatch = require("aws-cdk-lib/aws-cloudwatch");
const { SnsAction } = require("aws-cdk-lib/aws-cloudwatch-actions");
const kms = require("aws-cdk-lib/aws-kms");
const sns = require("aws-cdk-lib/aws-sns");
const { EmailSubscription } = require("aws-cdk-lib/aws-sns-subscriptions");

const [which, text] = process.argv.slice(2);
const count = Number(text);
const app = new App({ analyticsReporting: false });
// A stack of CloudFormation holds 500 resources at most.
const perStack = 400;

for (let start = 0; start < count; start += perStack) {
  const stack = new Stack(app, `bench-${start}`);
  const masterKey = new kms.Key(stack, "key", { enableKeyRotation: true, alias: `alerts-${start}` });
  const topic = new sns.Topic(stack, "topic", { masterKey });
  topic.addSubscription(new EmailSubscription("example@email.com"));
  const metric = (index) =>
    new cloudwatch.Metric({
      namespace: "AWS/EC2",
      metricName: "CPUUtilization",
      dimensionsMap: { InstanceId: `i-${String(index).padStart(17, "0")}` },
    });
  const indices = Array.from({ length: Math.min(perStack, count - start) }, (_, i) => start + i);
  if (which === "cdk") {
    for (const index of indices) {
      const alarm = new cloudwatch.Alarm(stack, `cpu-${index}`, {
        alarmName: `bench-cpu-${index}`,
        metric: metric(index),
        threshold: 80,
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      });
      alarm.addAlarmAction(new SnsAction(topic));
      alarm.addOkAction(new SnsAction(topic));
    }
  } else {
    const { MonitoringFacade, SnsAlarmActionStrategy } = require("cdk-monitoring-constructs");
    const facade = new MonitoringFacade(stack, "facade", {
      alarmFactoryDefaults: {
        actionsEnabled: true,
        alarmNamePrefix: "bench",
        action: new SnsAlarmActionStrategy({ onAlarmTopic: topic, onOkTopic: topic }),
      },
    });
    const factory = facade.createAlarmFactory("bench");
    for (const index of indices) {
      factory.addAlarm(metric(index), {
        alarmNameSuffix: `cpu-${index}`,
        alarmDescription: `The average CPUUtilization of ${index} is above 80`,
        threshold: 80,
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: cloudwatch.TreatMissingData.MISSING,
      });
    }
  }
}
const assembly = app.synth();
const made = assembly.stacks.flatMap((s) => Object.values(s.template.Resources));
const alarms = made.filter((r) => r.Type === "AWS::CloudWatch::Alarm").length;
if (alarms !== count) throw new Error(`${alarms} alarms, not ${count}`);
